/** The load of a system: numbered records at an even rate, into a topic or by HTTP, until it is told to end. */
import { setTimeout as delay } from 'node:timers/promises';
import { ReplaygroundError } from '../../../kafka/errors.ts';
import { dueNow, msUntilDue } from '../../../kafka/producer/rate-pacer.ts';
import { sendThrough } from '../../../kafka/producer/send-records.ts';
import { loadSender, type SenderOptions } from './send-load.ts';

export type LoadOptions = SenderOptions & {
  /** Gets the record that cannot be read, where the load itself goes by HTTP. */
  fallbackTopic: string;
};

export type Load = {
  /** Records a second that it aims at. */
  readonly perSec: number;
  /** Records that are in the log, or requests that were accepted. */
  readonly sent: number;
  /** Rejects by `load-failed` where its command tells no records. */
  readonly failed: Promise<never>;
  /** Sends a record once more that was sent before. @returns what it was, for people */
  duplicate(pick: number): Promise<string>;
  /** Sends a record that is no JSON and no UTF-8. @returns where it is */
  unreadable(): Promise<{ topic: string; partition: number; offset: number }>;
  /** Sends no more; settles when nothing is under way. */
  finish(): Promise<void>;
};

const defaultPerSec = 200;
/** A step of the load: so many records go out together (ms). */
const stepMs = 50;
const recent = 500;
const unreadableValue = Buffer.concat([Buffer.from('{"unreadable": '), Buffer.from([0xff, 0xfe])]);

/** Starts at once. */
export function startLoad({ load, folder, producer, fallbackTopic, baseUrl }: LoadOptions): Load {
  const stop = new AbortController();
  const { rate: perSec = defaultPerSec } = load;
  const { records, send } = loadSender({ load, folder, producer, baseUrl });
  const topic = records.topic ?? fallbackTopic;
  const { promise: failed, reject: fail } = Promise.withResolvers<never>();
  // Whoever waits hears of it; nobody has to.
  failed.catch(() => {});
  let n = 0;
  let sent = 0;

  const sendNow = async (numbers: readonly number[]): Promise<void> => {
    try {
      sent += await send(numbers);
    } catch (error) {
      // What the broker did not take is not made up for.
      if (error instanceof ReplaygroundError && error.code === 'load-failed') fail(error);
    }
  };

  const run = async (): Promise<void> => {
    let startedAt = performance.now();
    let inThisRun = 0;
    while (!stop.signal.aborted) {
      const elapsedMs = performance.now() - startedAt;
      const due = dueNow(perSec, elapsedMs, inThisRun);
      if (due === 0) {
        const waitMs = Math.max(stepMs, msUntilDue(perSec, elapsedMs, inThisRun));
        await delay(waitMs, undefined, { signal: stop.signal }).catch(() => {});
        continue;
      }
      // What could not be sent meanwhile is not made up for: a load, not a backlog.
      if (due > perSec) {
        startedAt = performance.now();
        inThisRun = 0;
        continue;
      }
      const numbers = Array.from({ length: due }, (_, index) => n + index + 1);
      n += due;
      inThisRun += due;
      await sendNow(numbers);
    }
  };
  const running = run();
  return {
    perSec,
    failed,
    get sent() {
      return sent;
    },
    async duplicate(pick) {
      const number = Math.max(1, n - Math.floor(pick * Math.min(recent, n)));
      await send([number]);
      return records.keyOf(number) ?? `record ${number}`;
    },
    async unreadable() {
      n += 1;
      const record = records.recordOf(topic, n, unreadableValue);
      let place = { topic: record.topic, partition: -1, offset: -1 };
      const [error] = await sendThrough(producer, [record], (_, where) => {
        place = { topic: record.topic, ...where };
      });
      if (error) throw error;
      return place;
    },
    async finish() {
      stop.abort();
      records[Symbol.dispose]();
      await running;
    },
  };
}
