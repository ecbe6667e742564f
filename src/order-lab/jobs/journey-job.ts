/** Finds every record of one order, over all topics of the pipeline, and says how far each group has read. */
import type { Message } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { deadLetterTopic } from '../../kafka/admin/side-topics.ts';
import { connectReader } from '../../kafka/reading/read-to-end.ts';
import { type Found, type Search, searchTopic } from '../../kafka/reading/search-topic.ts';
import type { Bounds } from '../../kafka/reading/tail-topic.ts';
import { decodeInventoryEvent } from '../../pipeline/events/inventory-event.ts';
import type { Journey } from '../wire/all.ts';
import type { JobContext } from './job-context.ts';
import { journeyOf, type ReadUpTo } from './journey.ts';
import { recordView } from './record-view.ts';
import { boundsOf } from './topic-bounds.ts';

/** As long as somebody waits who typed an id; and for who asks for more (ms). */
const searchMs = 5000;
const longSearchMs = 60_000;
const mostRecords = 100;
const firstWindow = 5000;

export type JourneyArgs = { orderId: string; longer: boolean };

/**
 * Looks first, the newest first, where an order leaves its last trace: its decision, the orders that are not decided on yet, the dead
 * letters. The decision names the offset of the order that it was made on, and duplicates only come after that.
 * @throws ReplaygroundError `no-topic`
 */
export async function findJourney(
  { settings, inspector, config, signal }: JobContext,
  { orderId, longer }: JourneyArgs,
): Promise<Omit<Journey, 'command'>> {
  const { ordersTopic, inventoryTopic, inventoryGroupId, analyticsGroupId } = settings;
  await using reader = await connectReader({ ...config, 'client.id': 'lab-journey' });
  const key = Buffer.from(orderId, 'utf8');
  const isWanted = ({ key: found }: Message): boolean => (Buffer.isBuffer(found) ? found.equals(key) : found === orderId);
  const until = AbortSignal.any([signal, AbortSignal.timeout(longer ? longSearchMs : searchMs)]);
  const common = { limit: mostRecords, isWanted, firstWindow, signal: until };
  const search = (bounds: Bounds[], how: Pick<Search, 'direction'> & Partial<Search>): Promise<Found> =>
    searchTopic(reader, { ...common, ...how, bounds });

  const groups = [inventoryGroupId, analyticsGroupId];
  const commits = await Promise.all(groups.map((group) => inspector.ask('committed', group, false)));
  const readUpTo: ReadUpTo[] = groups.flatMap((group, index) => (commits[index] ?? []).map((one) => ({ group, ...one })));
  const [decisions, orders] = await Promise.all([boundsOf(inspector, inventoryTopic), boundsOf(inspector, ordersTopic)]);
  const letterTopics = [ordersTopic, inventoryTopic].map(deadLetterTopic);
  const letters = (await Promise.all(letterTopics.map((topic) => boundsOf(inspector, topic).catch(() => [])))).flat();
  const undecided = notDecidedOf(orders, readUpTo, inventoryGroupId);

  const traces = [...decisions, ...undecided, ...letters];
  const trace = await search(traces, { direction: 'newest-first', limit: 1, anyOrder: true });
  const [last] = trace.records;
  const nothing: Found = { records: [], scanned: 0, complete: true };
  const found = last ? await followTrace(last) : nothing;
  const records = found.records.map((record) => recordView(record, settings));
  const looked = { scanned: trace.scanned, of: sizeOf(traces) };
  return journeyOf(orderId, records, { settings, readUpTo, complete: !until.aborted, looked });

  async function followTrace(newest: Message): Promise<Found> {
    const isDecision = newest.topic === inventoryTopic;
    const decided = isDecision ? trace : await search(decisions, { direction: 'newest-first', limit: 1, anyOrder: true });
    const [decision] = decided.records;
    // A record that nobody could read was passed by, and left no decision: it may stand anywhere.
    const where = decision ? fromSource(orders, decision) : newest.topic === ordersTopic ? undecided : orders;
    const placed = await search(where, { direction: decision ? 'oldest-first' : 'newest-first' });
    const aside = await search(letters, { direction: 'oldest-first' });
    return { ...nothing, records: [decided, placed, aside].flatMap((one) => one.records) };
  }
}

/** @returns the orders that inventory has not committed yet */
function notDecidedOf(orders: readonly Bounds[], readUpTo: readonly ReadUpTo[], inventoryGroup: string): Bounds[] {
  return orders.map((bounds) => {
    const { topic, partition, earliest, latest } = bounds;
    const read = readUpTo.find((one) => one.group === inventoryGroup && one.topic === topic && one.partition === partition);
    return { ...bounds, earliest: Math.min(latest, Math.max(earliest, read?.offset ?? earliest)) };
  });
}

const sizeOf = (bounds: readonly Bounds[]): number => bounds.reduce((sum, { earliest, latest }) => sum + latest - earliest, 0);

/** @returns the orders from the one that was decided on, in its partition; all of them where the decision does not say */
function fromSource(orders: Bounds[], decision: Message): Bounds[] {
  const decoded = decodeInventoryEvent(decision.key as Buffer | null, decision.value);
  if (!decoded.ok) return orders;
  const { partition, offset } = decoded.event.source;
  return orders.filter((one) => one.partition === partition).map((one) => ({ ...one, earliest: Math.max(one.earliest, offset) }));
}
