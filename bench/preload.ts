/** Fills topics for those who only read: orders of the generator, some of them a second time, and the decisions on them. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureTopics } from '../src/kafka/admin/admin.ts';
import { partitionKey } from '../src/kafka/partition.ts';
import { topicSpecs } from '../src/pipeline/events/topics.ts';
import { publishBurst } from '../src/pipeline/orders/burst.ts';
import { readSettings } from '../src/pipeline/settings/read-settings.ts';
import type { Bench } from './bench.ts';
import { startContender } from './contender.ts';
import { inventoryCommand } from './our-commands.ts';
import type { RecordOffsets } from './progress.ts';
import { watch } from './progress.ts';
import { committedEnds, readCommitted } from './topic-log.ts';

/** One order in so many comes a second time at the end, so that de-duplication has something to do. */
const duplicateEvery = 100;

/** Share of orders that arrive as failed, so that all three decisions are taken. */
const failRate = 0.02;

/**
 * @param topic that exists
 * @param orders how many different orders; the topic gets one in a hundred more records
 */
export async function preloadOrders(brokers: string, topic: string, orders: number): Promise<void> {
  const settings = readSettings({ KAFKA_BROKERS: brokers });
  const burst = { settings, topic, failRate, seed: 'bench', runId: 'bench' };
  await publishBurst({ ...burst, count: orders });
  await publishBurst({ ...burst, count: Math.ceil(orders / duplicateEvery) });
}

export type Topics = { ordersTopic: string; inventoryTopic: string };

/** Both topics, whole: nothing is added any more. `records` of both together. */
export type PreparedLog = Topics & { records: number; offsets: RecordOffsets };

/** @param name start of their names @returns the two topics of a run */
export const topicsOf = (name: string): Topics => ({ ordersTopic: `${name}-orders`, inventoryTopic: `${name}-inventory` });

/** @param name start of the topics' names; @returns the topics, filled with orders and with the decisions of inventory-service on them */
export async function prepareTopics(bench: Bench, name: string, orders: number): Promise<Topics> {
  const { brokers, admin, say } = bench;
  const topics = topicsOf(name);
  await ensureTopics(admin, topicSpecs(topics));
  say(`${name}: preloading ${orders} orders and the decisions on them`);
  await preloadOrders(brokers, topics.ordersTopic, orders);
  const home = join(bench.home, `${name}-preload`);
  const inventory = startContender(`${name}-preload`, inventoryCommand({ ...topics, brokers, group: `${name}-preload`, home }), home);
  try {
    await Promise.race([watch(topics.inventoryTopic, () => committedEnds(admin, topics.inventoryTopic), orders), inventory.failed]);
  } finally {
    await inventory.stop();
    await rm(join(home, 'state'), { recursive: true, force: true });
  }
  return topics;
}

/** @returns what {@link prepareTopics} does, and where each record is */
export async function prepareLog(bench: Bench, name: string, orders: number): Promise<PreparedLog> {
  const topics = await prepareTopics(bench, name, orders);
  const offsets = new Map<string, number[]>();
  let records = 0;
  for (const topic of Object.values(topics)) {
    await readCommitted(bench.brokers, topic, (record) => {
      records += 1;
      const key = partitionKey(record);
      const known = offsets.get(key);
      if (known) known.push(record.offset);
      else offsets.set(key, [record.offset]);
    });
  }
  return { ...topics, records, offsets };
}
