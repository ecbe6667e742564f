/** Sends records of a load by their numbers: into its topic, or by HTTP to the service that takes them. */
import { setTimeout as delay } from 'node:timers/promises';
import type { BridgeProducer } from '../../../kafka/bridge/bridge-producer.ts';
import { dueNow, msUntilDue } from '../../../kafka/producer/rate-pacer.ts';
import { sendThrough } from '../../../kafka/producer/send-records.ts';
import type { LoadFile } from '../file/system-schema.ts';
import { fillText, fillValue } from './fill-template.ts';
import { type LoadRecords, loadRecords } from './load-records.ts';

export type SenderOptions = {
  load: LoadFile;
  /** The system's. */
  folder: string;
  producer: BridgeProducer;
  /** Where `http` goes to; undefined while that process has no port. */
  baseUrl: () => string | undefined;
};

export type LoadSender = {
  records: LoadRecords;
  /** @returns how many of them are in the log, or were accepted; @throws ReplaygroundError `load-failed` */
  send: (numbers: readonly number[]) => Promise<number>;
};

const httpTimeoutMs = 5000;

export function loadSender({ load, folder, producer, baseUrl }: SenderOptions): LoadSender {
  const records = loadRecords(load, folder);
  const { topic } = records;
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
    if (topic === undefined) return (await Promise.all(numbers.map(post))).filter(Boolean).length;
    await records.reach(numbers);
    const outcomes = await sendThrough(
      producer,
      numbers.map((number) => records.recordOf(topic, number)),
    );
    return outcomes.filter((error) => error === undefined).length;
  };
  return { records, send };
}

export type BurstOptions = {
  sender: LoadSender;
  /** Number of the first record. */
  from: number;
  count: number;
  /** As fast as it goes where it is undefined. */
  ratePerSec: number | undefined;
  onProgress: (sent: number) => void;
  signal: AbortSignal;
};

/** So many go out together: requests wait for each other, records do not. */
const together = { topic: 1000, http: 50 };

/** @returns how many arrived; fewer than asked for where some were refused, or the signal came */
export async function sendBurst({ sender, from, count, ratePerSec, onProgress, signal }: BurstOptions): Promise<number> {
  const most = sender.records.topic === undefined ? together.http : together.topic;
  const startedAt = performance.now();
  let asked = 0;
  let arrived = 0;
  while (asked < count && !signal.aborted) {
    const elapsedMs = performance.now() - startedAt;
    const due = Math.min(dueNow(ratePerSec, elapsedMs, asked), count - asked, most);
    if (due === 0) {
      await delay(msUntilDue(ratePerSec ?? 1, elapsedMs, asked), undefined, { signal }).catch(() => {});
      continue;
    }
    const first = from + asked;
    asked += due;
    arrived += await sender.send(Array.from({ length: due }, (_, index) => first + index));
    onProgress(arrived);
  }
  return arrived;
}
