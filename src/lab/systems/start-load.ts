/** The load of a system: numbered records at an even rate, into a topic or by HTTP, until it is told to end. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { BridgeProducer } from '../../kafka/bridge/bridge-producer.ts';
import type { Output } from '../../kafka/output.ts';
import { sendThrough } from '../../kafka/send-records.ts';
import { dueNow, msUntilDue } from '../../pipeline/orders/rate-pacer.ts';
import { fillText, fillValue } from './fill-template.ts';
import type { LoadFile } from './system-schema.ts';

export type LoadOptions = {
  load: LoadFile;
  /** The system's. */
  folder: string;
  producer: BridgeProducer;
  /** Gets the record that cannot be read, where the load itself goes by HTTP. */
  fallbackTopic: string;
  /** Where `http` goes to; undefined while that process has no port. */
  baseUrl: () => string | undefined;
};

export type Load = {
  /** Records a second that it aims at. */
  readonly perSec: number;
  /** Records that are in the log, or requests that were accepted. */
  readonly sent: number;
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
const httpTimeoutMs = 5000;
const recent = 500;
const unreadableValue = Buffer.concat([Buffer.from('{"unreadable": '), Buffer.from([0xff, 0xfe])]);

/** Starts at once. */
export function startLoad({ load, folder, producer, fallbackTopic, baseUrl }: LoadOptions): Load {
  const stop = new AbortController();
  const { rate: perSec = defaultPerSec } = load;
  const lines = load.file === undefined ? undefined : linesOf(join(folder, load.file));
  const topic = load.topic ?? fallbackTopic;
  let n = 0;
  let sent = 0;

  const valueFor = (number: number): string => {
    if (lines) return fillText(lines[(number - 1) % lines.length] as string, number);
    const value = fillValue(load.value, number);
    return typeof value === 'string' ? value : JSON.stringify(value);
  };
  const recordOf = (number: number, value = Buffer.from(valueFor(number))): Output => ({
    topic,
    partition: null,
    key: load.key === undefined ? null : Buffer.from(fillText(load.key, number)),
    value,
    headers: Object.entries(load.headers ?? {}).map(([name, value]) => ({ [name]: Buffer.from(fillText(String(value), number)) })),
  });
  const post = async (number: number): Promise<boolean> => {
    const { url = '', method = 'POST', body } = load.http ?? {};
    const base = url.startsWith('/') ? baseUrl() : '';
    if (base === undefined) return false;
    const init = { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(fillValue(body, number)) };
    const response = await fetch(fillText(base + url, number), { ...init, signal: AbortSignal.timeout(httpTimeoutMs) }).catch(
      () => undefined,
    );
    await response?.body?.cancel();
    return response?.ok ?? false;
  };
  const send = async (numbers: readonly number[]): Promise<number> => {
    if (load.http) return (await Promise.all(numbers.map(post))).filter(Boolean).length;
    const outcomes = await sendThrough(
      producer,
      numbers.map((number) => recordOf(number)),
    );
    return outcomes.filter((error) => error === undefined).length;
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
      sent += await send(numbers).catch(() => 0);
    }
  };
  const running = run();
  return {
    perSec,
    get sent() {
      return sent;
    },
    async duplicate(pick) {
      const number = Math.max(1, n - Math.floor(pick * Math.min(recent, n)));
      await send([number]);
      return load.key === undefined ? `record ${number}` : fillText(load.key, number);
    },
    async unreadable() {
      n += 1;
      const record = recordOf(n, unreadableValue);
      let place = { topic: record.topic, partition: -1, offset: -1 };
      const [error] = await sendThrough(producer, [record], (_, where) => {
        place = { topic: record.topic, ...where };
      });
      if (error) throw error;
      return place;
    },
    async finish() {
      stop.abort();
      await running;
    },
  };
}

const linesOf = (file: string): string[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '');
