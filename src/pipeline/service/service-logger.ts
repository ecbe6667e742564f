/** The log of a service: JSON lines on stdout, written synchronously, so that the last line before an end is there. */
import { type Logger, pino, stdTimeFunctions } from 'pino';
import type { Settings } from '../settings/declarations.ts';

/**
 * @param name the service
 * @param settings its instance number and the least level that is logged
 * @returns a logger whose lines carry `service` and `instance`
 */
export function createServiceLogger(name: string, { instance, logLevel }: Pick<Settings, 'instance' | 'logLevel'>): Logger {
  const stdout = pino.destination({ fd: 1, sync: true });
  // Whoever read stdout may be gone (EPIPE): that must not end a service.
  stdout.on('error', () => {});
  return pino(
    {
      level: logLevel,
      base: { service: name, instance },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    stdout,
  );
}
