/** Fills the orders topic that both contenders read: orders of the generator, and some of them a second time. */
import { publishBurst } from '../src/orders/burst.ts';
import { readSettings } from '../src/settings/read-settings.ts';

/** One order in so many comes a second time at the end, so that de-duplication has something to do. */
const duplicateEvery = 100;

/** Share of orders that arrive as failed, so that all three decisions are taken. */
const failRate = 0.02;

/** @param orders how many different orders; the topic gets one in a hundred more records */
export async function preloadOrders(brokers: string, topic: string, orders: number): Promise<void> {
  const settings = readSettings({ KAFKA_BROKERS: brokers });
  const burst = { settings, topic, failRate, seed: 'bench', runId: 'bench' };
  await publishBurst({ ...burst, count: orders });
  await publishBurst({ ...burst, count: Math.ceil(orders / duplicateEvery) });
}
