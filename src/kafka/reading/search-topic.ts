/** Looks for records from an end of a topic, the newest or the oldest first, until enough are found or the search has taken long enough. */
import type { Message } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import type { BridgeConsumer } from '../bridge/bridge-consumer.ts';
import { readRange } from './read-range.ts';
import type { Bounds } from './tail-topic.ts';

export type Search = {
  bounds: readonly Bounds[];
  direction: 'newest-first' | 'oldest-first';
  limit: number;
  isWanted: (record: Message) => boolean;
  /** The first stretch of a partition (records); each next one is longer. All at once where little will be found. */
  firstWindow?: number;
  /** Ends when so many are found over all partitions, wherever they stand: for a key, which is in one of them. */
  anyOrder?: boolean;
  /** Ends the search with what it has found. */
  signal: AbortSignal;
};

export type Found = { records: Message[]; scanned: number; complete: boolean };

const leastWindow = 200;
const windowGrowth = 8;

/**
 * Stretch by stretch, each read once; a partition ends when it alone has enough.
 * @param consumer see `connectReader`
 * @returns at most `limit` records over all partitions, in the order asked for, by time
 */
export async function searchTopic(
  consumer: BridgeConsumer,
  { bounds, direction, limit, isWanted, signal, firstWindow = leastWindow, anyOrder = false }: Search,
): Promise<Found> {
  const isNewest = direction === 'newest-first';
  const found = bounds.map((): Message[] => []);
  const left = bounds.map(({ earliest, latest }) => ({ from: earliest, to: latest }));
  let scanned = 0;
  for (let window = Math.max(limit, firstWindow); ; window *= windowGrowth) {
    const stretches = bounds.flatMap(({ topic, partition }, index) => {
      const { from, to } = left[index] as { from: number; to: number };
      if (from >= to || (found[index]?.length ?? 0) >= limit) return [];
      const stretch = isNewest ? { from: Math.max(from, to - window), to } : { from, to: Math.min(to, from + window) };
      left[index] = isNewest ? { from, to: stretch.from } : { from: stretch.to, to };
      return [{ topic, partition, ...stretch, index }];
    });
    if (stretches.length === 0 || (anyOrder && found.flat().length >= limit)) break;
    const fresh = new Map(stretches.map(({ topic, partition, index }) => [`${topic}/${partition}`, { index, records: [] as Message[] }]));
    const all = await readRange(
      consumer,
      stretches,
      (record) => {
        scanned += 1;
        if (isWanted(record)) fresh.get(`${record.topic}/${record.partition}`)?.records.push(record);
        return true;
      },
      signal,
    );
    for (const { index, records } of fresh.values())
      found[index] = isNewest ? [...records, ...(found[index] ?? [])] : [...(found[index] ?? []), ...records];
    if (!all) return { records: inOrder(found.flat(), isNewest).slice(0, limit), scanned, complete: false };
  }
  return { records: inOrder(found.flat(), isNewest).slice(0, limit), scanned, complete: left.every(({ from, to }) => from >= to) };
}

function inOrder(records: Message[], isNewest: boolean): Message[] {
  const byTime = (a: Message, b: Message): number =>
    (a.timestamp ?? 0) - (b.timestamp ?? 0) || a.partition - b.partition || a.offset - b.offset;
  records.sort(byTime);
  return isNewest ? records.reverse() : records;
}
