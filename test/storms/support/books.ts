/** The books of a test: every order against every decision, read by a consumer that shares nothing with the code under test. */
import assert from 'node:assert/strict';
import { areOfWholeLog, type Metrics } from '../../../src/pipeline/analytics/metrics.ts';
import { readAll } from '../../support/kafka.ts';
import { type Pipeline, ServiceProcess } from '../../support/service-process.ts';
import { patienceMs, until } from '../../support/until.ts';

type Topics = Pick<Pipeline, 'ordersTopic' | 'inventoryTopic'>;

/** A service, or whichever life of it runs. */
type Asked = Pick<ServiceProcess, 'get' | 'post'>;

export type Books = { orders: number; records: number; lost: string[]; twice: string[] };

/** @returns what is in both topics now, committed records only */
export async function readBooks({ ordersTopic, inventoryTopic }: Topics): Promise<Books> {
  const keysOf = async (topic: string) => (await readAll(topic)).map(({ key }) => String(key));
  const ordered = await keysOf(ordersTopic);
  const decided = await keysOf(inventoryTopic);
  const seen = new Set<string>();
  const twice = decided.filter((id) => seen.has(id) || !seen.add(id));
  const orders = new Set(ordered);
  return { orders: orders.size, records: ordered.length, lost: [...orders].filter((id) => !seen.has(id)), twice };
}

/** Waits until every order is decided, then holds that none was twice. @returns the books */
export async function balanced(pipeline: Topics, orders: number, deadlineMs = patienceMs): Promise<Books> {
  const books = await until(
    async () => {
      const now = await readBooks(pipeline);
      if ((now.orders === orders && now.lost.length === 0) || now.twice.length > 0) return now;
      throw new Error(`${now.orders} orders, ${now.lost.length} of them without a decision: ${now.lost.slice(0, 3).join(', ')}`);
    },
    { what: `${orders} orders, none without a decision`, deadlineMs },
  );
  assert.deepEqual(books.twice, [], 'orders decided twice');
  return books;
}

/** Waits until analytics has read all, then replays: the figures must be those of the log, and stay. @returns the metrics */
export async function sameAfterReplay(analytics: Asked, { orders, records }: Books): Promise<Metrics> {
  const metrics = await until(
    async () => {
      const now = await analytics.get<Metrics>('/metrics');
      return areOfWholeLog(now) && now.replay.state === 'idle' && now.total_reservations >= orders ? now : undefined;
    },
    { what: 'analytics has read everything' },
  );
  const { total_orders, total_reservations, duplicates_ignored } = metrics;
  assert.deepEqual(
    { total_orders, total_reservations, duplicates_ignored },
    { total_orders: orders, total_reservations: orders, duplicates_ignored: records - orders },
  );
  const { id } = (await (await analytics.post('/replay')).json()) as { id: string };
  const replay = await until(
    async () => {
      const now = await analytics.get<{ state: string; after: Metrics; first_difference: unknown }>(`/replay/${id}`);
      return now.state === 'done' ? now : undefined;
    },
    { what: 'the replay is over' },
  );
  assert.equal(replay.first_difference, null);
  assert.equal(replay.after.digest, metrics.digest);
  return metrics;
}

/** Holds that every instance answers for the whole, with the same digest. */
export async function allTell(instances: readonly Pick<Asked, 'get'>[], digest: string): Promise<void> {
  for (const [index, instance] of instances.entries()) {
    const isSame = async (): Promise<boolean> => {
      const now = await instance.get<Metrics>('/metrics');
      return areOfWholeLog(now) && now.digest === digest;
    };
    await until(isSame, { what: `analytics-service.${index + 1} tells ${digest}` });
  }
}

/** Starts analytics for the end of a test, and checks its figures. */
export async function checkAnalytics(pipeline: Pipeline, books: Books): Promise<void> {
  await using analytics = await ServiceProcess.start('analytics', pipeline);
  await sameAfterReplay(analytics, books);
}
