/** Finds every record of one order, over all topics of the pipeline, and says how far each group has read. */
import type { Message } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { deadLetterTopic } from '../../events/topics.ts';
import { connectReader } from '../../kafka/read-to-end.ts';
import { searchTopic } from '../../kafka/search-topic.ts';
import type { Journey } from '../api-types.ts';
import type { JobContext } from './job.ts';
import { journeyOf, type ReadUpTo } from './journey.ts';
import { recordView } from './record-view.ts';
import { boundsOf } from './topic-bounds.ts';

const searchMs = 15_000;
const mostRecords = 100;

/** @throws ReplaygroundError `no-topic` */
export async function findJourney({ settings, inspector, config, signal }: JobContext, orderId: string): Promise<Omit<Journey, 'command'>> {
  const { ordersTopic, inventoryTopic, inventoryGroupId, analyticsGroupId } = settings;
  const topics = [ordersTopic, inventoryTopic, deadLetterTopic(ordersTopic), deadLetterTopic(inventoryTopic)];
  const bounds = (await Promise.all(topics.map((topic) => boundsOf(inspector, topic).catch(() => [])))).flat();
  await using reader = await connectReader({ ...config, 'client.id': 'lab-journey' });
  const key = Buffer.from(orderId, 'utf8');
  const isOurs = ({ key: found }: Message): boolean => (Buffer.isBuffer(found) ? found.equals(key) : found === orderId);
  const search = { bounds, direction: 'oldest-first', limit: mostRecords, isWanted: isOurs } as const;
  const { records, complete } = await searchTopic(reader.client, {
    ...search,
    signal: AbortSignal.any([signal, AbortSignal.timeout(searchMs)]),
  });
  const groups = [inventoryGroupId, analyticsGroupId];
  const commits = await Promise.all(groups.map((group) => inspector.ask('committed', group, false)));
  const readUpTo: ReadUpTo[] = groups.flatMap((group, index) => (commits[index] ?? []).map((one) => ({ group, ...one })));
  return journeyOf(
    orderId,
    records.map((record) => recordView(record, settings)),
    { settings, readUpTo, complete },
  );
}
