/** From the records of one order to its story. */

import { isSamePartition } from '../../kafka/partition.ts';
import { count, duration, number } from '../../lab/watch/verdict/group-verdict.ts';
import type { Journey, JourneyStep, RecordView } from '../wire/all.ts';
import type { TopicNames } from './record-view.ts';

/** How far a group has committed. */
export type ReadUpTo = { group: string; topic: string; partition: number; offset: number };

export type JourneyFacts = {
  settings: TopicNames;
  readUpTo: readonly ReadUpTo[];
  /** Whether the search came to its end. */
  complete: boolean;
  /** Offsets that were looked at for a first trace, and how many there are. */
  looked: { scanned: number; of: number };
};

const outcomes: Record<string, JourneyStep['what']> = {
  InventoryReserved: 'reserved',
  InventoryFailed: 'failed',
  InventoryReleased: 'released',
};

/** @param records all with the order's id as their key, by time */
export function journeyOf(
  orderId: string,
  records: readonly RecordView[],
  { settings, readUpTo, complete, looked }: JourneyFacts,
): Omit<Journey, 'command'> {
  // What happened first comes first, also where two records carry the same time.
  const rank = ({ topic }: RecordView): number => (topic === settings.ordersTopic ? 0 : topic === settings.inventoryTopic ? 1 : 2);
  const inOrder = [...records].sort((a, b) => timeMs(a) - timeMs(b) || rank(a) - rank(b) || a.offset - b.offset);
  const placed = inOrder.find(({ topic, reading }) => topic === settings.ordersTopic && reading?.ok);
  const firstMs = inOrder[0] ? timeMs(inOrder[0]) : 0;
  const steps = inOrder.map(
    (record): JourneyStep => ({
      what: whatItIs(record, settings, placed),
      record,
      afterMs: record.time === null ? null : timeMs(record) - firstMs,
      readBy: readUpTo.filter((one) => isSamePartition(one, record) && one.offset > record.offset).map(({ group }) => group),
    }),
  );
  return { orderId, steps, text: steps.length === 0 ? nowhere(orderId, complete, looked) : storyOf(orderId, steps), complete };
}

/** A time that is no date is told as its number. */
const timeMs = ({ time }: RecordView): number => (time === null ? 0 : /^\d+$/.test(time) ? Number(time) : Date.parse(time));

function whatItIs(record: RecordView, { ordersTopic, inventoryTopic }: TopicNames, placed: RecordView | undefined): JourneyStep['what'] {
  if (record.topic !== ordersTopic && record.topic !== inventoryTopic) return 'dead-lettered';
  if (!record.reading?.ok) return 'unreadable';
  if (record.topic === ordersTopic) return record === placed ? 'placed' : 'duplicate';
  return outcomes[record.reading.eventType] ?? 'unreadable';
}

/** Control records take offsets too, so what was looked at may be less than there are offsets. */
const nowhere = (orderId: string, complete: boolean, { scanned, of }: JourneyFacts['looked']): string =>
  complete
    ? `no record has the key ${orderId}: ${count(scanned, 'record')} looked at, that is all`
    : `no record with the key ${orderId} among the newest ${number(scanned)} of about ${number(of)}`;

function storyOf(orderId: string, steps: readonly JourneyStep[]): string {
  const of = (...kinds: JourneyStep['what'][]): JourneyStep[] => steps.filter(({ what }) => kinds.includes(what));
  const [placed] = of('placed');
  const [decision] = of('reserved', 'failed', 'released');
  const duplicates = of('duplicate').length;
  const parts = [
    placed ? `placed in partition ${placed.record.partition} at offset ${placed.record.offset}` : 'never readable as an order',
    ...(duplicates > 0 ? [`sent again ${duplicates === 1 ? 'once' : `${duplicates} times`}, which changed nothing`] : []),
    ...(decision ? [`${decision.what}${between(placed, decision)}`] : placed ? ['not decided yet'] : []),
    ...(of('dead-lettered').length > 0 ? ['put aside as a dead letter'] : []),
  ];
  return `${orderId}: ${parts.join(', ')}`;
}

function between(placed: JourneyStep | undefined, decision: JourneyStep): string {
  const [from, to] = [placed?.afterMs, decision.afterMs];
  if (from === null || from === undefined || to === null) return '';
  const ms = Math.max(0, to - from);
  return ` after ${ms < 1000 ? `${ms} ms` : duration(ms / 1000)}`;
}
