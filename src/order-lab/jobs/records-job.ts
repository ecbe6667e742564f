/** Finds records of a topic for the page: the newest, or from an offset or a time, by key or text. */
import type { Message } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import type { OffsetAt } from '../../kafka/groups/inspector.ts';
import { connectReader } from '../../kafka/reading/read-to-end.ts';
import { searchTopic } from '../../kafka/reading/search-topic.ts';
import { headerTexts, textOf } from '../../kafka/record/show-record.ts';
import type { RecordsPage } from '../wire/all.ts';
import type { JobContext } from './job-context.ts';
import { recordView } from './record-view.ts';
import { boundsFrom, boundsOf } from './topic-bounds.ts';

export type RecordsArgs = {
  topic: string;
  from: 'newest' | { offset: number } | { at: OffsetAt };
  partition: number | undefined;
  limit: number;
  key: string | undefined;
  text: string | undefined;
  uncommitted: boolean;
};

const searchWindow = 5000;
/** Long enough to look through a lab's topics, short enough for somebody who waits (ms). */
const searchMs = 8000;

/** @throws ReplaygroundError `no-topic` */
export async function findRecords(
  { settings, inspector, config, signal }: JobContext,
  args: RecordsArgs,
): Promise<Omit<RecordsPage, 'command'>> {
  const { topic, from, partition, limit, key, text, uncommitted } = args;
  const all = await boundsOf(inspector, topic, partition);
  const bounds = from === 'newest' ? all : await boundsFrom(inspector, all, from);
  const isolation = uncommitted ? 'read_uncommitted' : 'read_committed';
  await using reader = await connectReader({ ...config, 'client.id': 'lab-records', 'isolation.level': isolation });
  const order = from === 'newest' ? 'newest-first' : 'oldest-first';
  const wanted = text?.toLowerCase();
  const { records, scanned, complete } = await searchTopic(reader, {
    bounds,
    direction: order,
    limit,
    // Whoever searches will look through most of it.
    ...((key !== undefined || text !== undefined) && { firstWindow: searchWindow }),
    isWanted: (record) => (key === undefined || textOf(record.key) === key) && (wanted === undefined || holds(record, wanted)),
    signal: AbortSignal.any([signal, AbortSignal.timeout(searchMs)]),
  });
  return { topic, order, records: records.map((record) => recordView(record, settings)), scanned, complete };
}

function holds(record: Message, wanted: string): boolean {
  const parts = [textOf(record.key), textOf(record.value), ...headerTexts(record).flat()];
  return parts.some((part) => part?.toLowerCase().includes(wanted) === true);
}
