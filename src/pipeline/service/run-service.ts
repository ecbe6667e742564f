/** The life of every service process: settings, logger, start, ready, stop, and an end that is visible from outside. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { checkAccess } from '../../kafka/access/check-access.ts';
import { explained } from '../../kafka/access/explain-silence.ts';
import { clientConfig } from '../../kafka/client/client-config.ts';
import { tellClientTroubles } from '../../kafka/client/tell-client-troubles.ts';
import { ReplaygroundError } from '../../kafka/errors.ts';
import type { Settings } from '../settings/declarations.ts';
import { readSettings } from '../settings/read-settings.ts';
import { startTelemetry } from '../telemetry/start-telemetry.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { dieNow, exitNow } from './exit-now.ts';
import { createServiceLogger } from './service-logger.ts';

export type ServiceName = 'order-service' | 'inventory-service' | 'analytics-service' | 'notification-service';

export type RunningService = {
  /** The HTTP port it got. */
  port: number;
  /** Rejects when the service cannot go on; never resolves. */
  failed: Promise<never>;
  /** Lets go of everything; called once. */
  stop(): Promise<void>;
};

export type ServiceContext = {
  name: ServiceName;
  settings: Settings;
  /** Writes synchronously: a line is out when the call returns. */
  logger: Logger;
  /** Where it is switched on. */
  telemetry?: Telemetry | undefined;
};

/** What a service process sends to the one that started it, over Node's IPC channel, once it serves. */
export type ReadyMessage = { type: 'ready'; port: number };

/** How long `stop` may take before the process ends without it. */
const stopDeadlineMs = 5000;

/**
 * Runs one service until it is told to stop (SIGTERM, SIGINT, or the IPC channel closes because its starter died): exit code 0.
 * Exit codes: 2 for a bad setting, 1 for anything that it cannot recover from (it is crash-only) and for a stop that takes over 5 s; telemetry
 * that is left is sent for a second more.
 * @param name shown in every log line
 * @param start connects, listens and gives back the running service
 * @param claim may change the settings before anything is started; what it throws counts as a bad setting
 */
export async function runService(
  name: ServiceName,
  start: (context: ServiceContext) => Promise<RunningService>,
  claim: (settings: Settings) => Settings = (settings) => settings,
): Promise<void> {
  const settings = await orExit(() => claim(readSettings()));
  const logger = createServiceLogger(name, settings);
  const telemetry = await orExit(() => startTelemetry({ name, instance: settings.instance }, logger));
  // order-service asks Kafka every second, and says at once that it is away.
  tellClientTroubles(logger, { outages: name !== 'order-service' });
  const fail = (error: unknown): never => {
    logger.debug({ err: error }, 'details of the failure');
    return dieNow(logger, messageOf(error), { code: codeOf(error) });
  };
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);

  let running: RunningService | undefined;
  let stopping = false;
  const stop = async (reason: string): Promise<void> => {
    if (stopping) return;
    stopping = true;
    logger.info({ reason }, 'stopping');
    const inTime = new AbortController();
    const late = delay(stopDeadlineMs, undefined, inTime).then(() =>
      dieNow(logger, `stop was not over within ${stopDeadlineMs} ms`, { code: 'stop-timeout' }),
    );
    late.catch(() => {});
    await Promise.race([running?.stop() ?? Promise.resolve(), late]);
    inTime.abort();
    await telemetry?.end();
    logger.info('stopped');
    exitNow(0);
  };
  process.on('SIGTERM', () => void stop('SIGTERM'));
  process.on('SIGINT', () => void stop('SIGINT'));
  if (process.send) process.on('disconnect', () => void stop('the process that started this one is gone'));

  try {
    await checkAccess(clientConfig(settings, name));
    running = await start({ name, settings, logger, telemetry });
  } catch (error) {
    fail(await explained(() => clientConfig(settings, name), error));
    return;
  }
  if (stopping) return;
  logger.info({ port: running.port }, 'ready');
  process.send?.({ type: 'ready', port: running.port } satisfies ReadyMessage);
  // What breaks while everything is being let go of is no failure.
  running.failed.catch((error) => stopping || fail(error));
}

/** What it throws is a bad setting. */
async function orExit<T>(read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exit(2);
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? '';

function codeOf(error: unknown): string | number | undefined {
  if (error instanceof ReplaygroundError) return error.code;
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' || typeof code === 'number' ? code : 'unexpected';
}
