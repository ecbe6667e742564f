/** Which decisions customers were told of: once, again, not yet, never. From the log alone, but for where the share group is. */

import { shareLetterTopic } from '../../kafka/admin/side-topics.ts';
import type { ClientConfig } from '../../kafka/client/connect.ts';
import { deadLetterInfo } from '../../kafka/dead-letters/read-letter-headers.ts';
import type { KafkaInspector } from '../../kafka/groups/inspector.ts';
import { connectReader, readToEnd } from '../../kafka/reading/read-to-end.ts';
import { decodeInventoryEvent } from '../../pipeline/events/inventory-event.ts';

export type NotificationBooks = {
  /** Decisions: once + again + rejected + waiting + never. */
  decisions: number;
  toldOnce: number;
  /** At least once is what is promised: these were told more often, and how many tellings that are beyond the first. */
  toldAgain: number;
  repeats: number;
  /** Not told, and in the dead letters. */
  rejected: number;
  /** Not told yet: the share group is not done with them. */
  waiting: number;
  /** Not told, not in the dead letters, and the share group is done with them. */
  never: number;
  /** The first of these. */
  firstNever: { topic: string; partition: number; offset: number } | null;
};

/** What is known of the decision at one offset. */
export type Told = { isDecision: boolean; told: number; isLetter: boolean };

export type NotificationOptions = {
  inspector: KafkaInspector;
  config: ClientConfig;
  topics: { inventory: string; notifications: string };
  /** By partition: the share group is done with all before it; nothing where it has not begun. */
  startOffsets: ReadonlyMap<number, number>;
};

/**
 * Ask for the group's start offsets before: then what it is done with has its notification within what is read.
 * @returns undefined where nobody was ever told anything: the service was not used
 * @throws ReplaygroundError those of `readToEnd`
 */
export async function readNotifications({
  inspector,
  config,
  topics,
  startOffsets,
}: NotificationOptions): Promise<NotificationBooks | undefined> {
  const letters = shareLetterTopic(topics.notifications);
  const partitions = await inspector.ask('partitionsOf', [topics.inventory, topics.notifications, letters]);
  if (!partitions.some(({ topic }) => topic === topics.notifications)) return undefined;
  await using reader = await connectReader({ ...config, 'client.id': 'lab-ledger-notifications' });
  const places = new Map<number, Map<number, Told>>();
  const at = (partition: number, offset: number): Told => {
    const of = places.get(partition) ?? new Map<number, Told>();
    if (!places.has(partition)) places.set(partition, of);
    const found = of.get(offset) ?? { isDecision: false, told: 0, isLetter: false };
    if (!of.has(offset)) of.set(offset, found);
    return found;
  };
  // Decisions last: each that a notification is about is there by then.
  for (const topic of [letters, topics.notifications, topics.inventory]) {
    const starts = partitions.filter((one) => one.topic === topic).map((one) => ({ ...one, offset: 0 }));
    await readToEnd(reader, starts, (records) => {
      for (const record of records) {
        if (topic === letters) {
          const { topic: source, partition, offset } = deadLetterInfo(record);
          if (source === topics.inventory && partition !== undefined && offset !== undefined) at(partition, offset).isLetter = true;
        } else if (topic === topics.notifications) {
          const source = sourceOf(record.value);
          if (source?.topic === topics.inventory) at(source.partition, source.offset).told += 1;
        } else if (decodeInventoryEvent(record.key as Buffer | null, record.value).ok)
          at(record.partition, record.offset).isDecision = true;
      }
    });
  }
  return judgeNotifications(places, startOffsets, topics.inventory);
}

function sourceOf(value: Buffer | null): { topic: string; partition: number; offset: number } | undefined {
  try {
    const { source } = JSON.parse(String(value)) as { source?: { topic: string; partition: number; offset: number } };
    return source;
  } catch {
    return undefined;
  }
}

/**
 * Pure.
 * @param places by partition and offset of the topic of decisions
 * @param startOffsets see `NotificationOptions`
 * @param topic its name, for `firstNever`
 */
export function judgeNotifications(
  places: ReadonlyMap<number, ReadonlyMap<number, Told>>,
  startOffsets: ReadonlyMap<number, number>,
  topic: string,
): NotificationBooks {
  const books: NotificationBooks = {
    ...{ decisions: 0, toldOnce: 0, toldAgain: 0, repeats: 0, rejected: 0, waiting: 0, never: 0 },
    firstNever: null,
  };
  for (const [partition, of] of [...places].sort(([a], [b]) => a - b)) {
    for (const [offset, { isDecision, told, isLetter }] of [...of].sort(([a], [b]) => a - b)) {
      if (!isDecision) continue;
      books.decisions += 1;
      books.repeats += Math.max(0, told - 1);
      if (told > 1) books.toldAgain += 1;
      else if (told === 1) books.toldOnce += 1;
      else if (isLetter) books.rejected += 1;
      else if (offset >= (startOffsets.get(partition) ?? 0)) books.waiting += 1;
      else {
        books.never += 1;
        books.firstNever ??= { topic, partition, offset };
      }
    }
  }
  return books;
}

/** @returns the start offsets of one topic, by partition */
export const startsOf = (partitions: readonly { topic: string; partition: number; startOffset: number | undefined }[], topic: string) =>
  new Map(
    partitions.flatMap((one) => (one.topic === topic && one.startOffset !== undefined ? [[one.partition, one.startOffset] as const] : [])),
  );
