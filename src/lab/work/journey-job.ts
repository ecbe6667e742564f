/** Finds every record of one order, over all topics of the pipeline, and says how far each group has read. */
import type { Message } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { decodeInventoryEvent } from '../../events/inventory-event.ts';
import { deadLetterTopic } from '../../events/topics.ts';
import { connectReader } from '../../kafka/read-to-end.ts';
import { type Found, type Search, searchTopic } from '../../kafka/search-topic.ts';
import type { Bounds } from '../../kafka/tail-topic.ts';
import type { Journey } from '../api-types.ts';
import type { JobContext } from './job.ts';
import { journeyOf, type ReadUpTo } from './journey.ts';
import { recordView } from './record-view.ts';
import { boundsOf } from './topic-bounds.ts';

const searchMs = 15_000;
const mostRecords = 100;
const firstWindow = 5000;

/**
 * The decision is looked for first: it names the offset of the order that it was made on, and duplicates only come after that.
 * @throws ReplaygroundError `no-topic`
 */
export async function findJourney({ settings, inspector, config, signal }: JobContext, orderId: string): Promise<Omit<Journey, 'command'>> {
  const { ordersTopic, inventoryTopic, inventoryGroupId, analyticsGroupId } = settings;
  await using reader = await connectReader({ ...config, 'client.id': 'lab-journey' });
  const key = Buffer.from(orderId, 'utf8');
  const isWanted = ({ key: found }: Message): boolean => (Buffer.isBuffer(found) ? found.equals(key) : found === orderId);
  const until = AbortSignal.any([signal, AbortSignal.timeout(searchMs)]);
  const common = { limit: mostRecords, isWanted, firstWindow, signal: until };
  const search = (bounds: Bounds[], how: Pick<Search, 'direction'> & Partial<Search>): Promise<Found> =>
    searchTopic(reader.client, { ...common, ...how, bounds });

  const decisions = await search(await boundsOf(inspector, inventoryTopic), { direction: 'newest-first', limit: 1, anyOrder: true });
  const orders = await boundsOf(inspector, ordersTopic);
  const placed = await search(fromSource(orders, decisions.records[0]), {
    direction: decisions.records[0] ? 'oldest-first' : 'newest-first',
  });
  const letterTopics = [ordersTopic, inventoryTopic].map(deadLetterTopic);
  const letterBounds = (await Promise.all(letterTopics.map((topic) => boundsOf(inspector, topic).catch(() => [])))).flat();
  const letters = await search(letterBounds, { direction: 'oldest-first' });

  const groups = [inventoryGroupId, analyticsGroupId];
  const commits = await Promise.all(groups.map((group) => inspector.ask('committed', group, false)));
  const readUpTo: ReadUpTo[] = groups.flatMap((group, index) => (commits[index] ?? []).map((one) => ({ group, ...one })));
  const records = [decisions, placed, letters].flatMap((found) => found.records).map((record) => recordView(record, settings));
  return journeyOf(orderId, records, { settings, readUpTo, complete: !until.aborted });
}

/** @returns the orders from the one that was decided on, in its partition; all of them where none was decided on */
function fromSource(orders: Bounds[], decision: Message | undefined): Bounds[] {
  const decoded = decision && decodeInventoryEvent(decision.key as Buffer | null, decision.value);
  if (!decoded?.ok) return orders;
  const { partition, offset } = decoded.event.source;
  return orders.filter((one) => one.partition === partition).map((one) => ({ ...one, earliest: Math.max(one.earliest, offset) }));
}
