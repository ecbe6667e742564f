/** Waits for a starting broker: it is ready when its log says so and its port answers, not when its process exists. */
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { ReplaygroundError } from '../../kafka/errors.ts';
import { type LogTail, saysStarted } from './broker-log.ts';

/** Long: recovery of a large log after a crash reads all of its unflushed segments. */
const START_TIMEOUT_MS = 120_000;
const POLL_MS = 25;

/** What is watched while a broker starts. */
export type Starting = { log: LogTail; port: number; exited: Promise<unknown>; signal?: AbortSignal };

/**
 * @param starting the broker's log since its start, its port, and the promise of its end
 * @throws ReplaygroundError `broker-exited`, `broker-start-timeout`, `broker-start-aborted`
 */
export async function waitUntilReady(starting: Starting): Promise<void> {
  let exited = false;
  void starting.exited.then(() => {
    exited = true;
  });
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!(saysStarted(await starting.log.read()) && (await answers(starting.port)))) {
    if (exited) throw new ReplaygroundError('broker-exited', 'Kafka stopped while it started');
    refuseIfAborted(starting.signal);
    if (Date.now() > deadline) {
      throw new ReplaygroundError('broker-start-timeout', `Kafka is not ready after ${START_TIMEOUT_MS / 1000} s: see its log`, {
        retriable: true,
      });
    }
    await delay(POLL_MS);
  }
}

/** @throws ReplaygroundError `broker-start-aborted` */
export function refuseIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new ReplaygroundError('broker-start-aborted', 'the start of Kafka was called off', { cause: signal.reason });
}

/** @returns whether something accepts connections on that port of 127.0.0.1 */
function answers(port: number): Promise<boolean> {
  return new Promise((settle) => {
    const socket = connect({ host: '127.0.0.1', port });
    const end = (answer: boolean) => {
      socket.destroy();
      settle(answer);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}
