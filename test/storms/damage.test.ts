/** State is a cache: whatever happens to its folder, a service says it and goes on or stops, and never gives wrong numbers. */
import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { orderRecord, orderRecords, produceAll } from '../support/produce.ts';
import { newPipeline, type Pipeline, ServiceProcess } from '../support/service-process.ts';
import { until } from '../support/until.ts';
import { balanced, checkAnalytics, sameAfterReplay } from './support/books.ts';
import { startOnSmallDisk } from './support/small-disk.ts';
import { stormSeed } from './support/storm-seed.ts';

const count = 1000;
/** Many small transactions, each of which makes the journal longer. */
const throttle = { CONSUMER_THROTTLE_MS: '1', ANALYTICS_THROTTLE_MS: '1' };
const stores = { inventory: ['inventory-service.1', 'decided.db'], analytics: ['analytics-service.1', 'view.db'] } as const;
const storeOf = ({ home }: Pipeline, folder: keyof typeof stores): string => join(home, 'state', ...stores[folder]);

/** All that came again must be known, and analytics must count as the log does. */
async function comeAgain(pipeline: Pipeline): Promise<void> {
  await produceAll(pipeline.ordersTopic, orderRecords('o', count));
  await using _inventory = await ServiceProcess.start('inventory', pipeline);
  await produceAll(pipeline.ordersTopic, orderRecords('new', 10));
  await checkAnalytics(pipeline, await balanced(pipeline, count + 10));
}

/** Both services have stored all orders, and ended. */
async function storedPipeline(signal: NodeJS.Signals): Promise<Pipeline> {
  const pipeline = await newPipeline();
  await produceAll(pipeline.ordersTopic, orderRecords('o', count));
  await using inventory = await ServiceProcess.start('inventory', pipeline);
  await using analytics = await ServiceProcess.start('analytics', pipeline);
  await sameAfterReplay(analytics, await balanced(pipeline, count));
  await Promise.all([inventory.kill(signal), analytics.kill(signal)]);
  return pipeline;
}

describe('state that is damaged', { concurrency: true }, () => {
  it('by a file that was cut in half, and by a bit that flipped: it is made anew', async (t) => {
    const random = stormSeed(t);
    using pipeline = await storedPipeline('SIGTERM');
    const cut = storeOf(pipeline, 'inventory');
    const bytes = readFileSync(cut);
    writeFileSync(cut, bytes.subarray(0, bytes.length / 2));
    const flipped = storeOf(pipeline, 'analytics');
    const view = readFileSync(flipped);
    const at = random.whole(0, view.length - 1);
    view[at] = (view[at] ?? 0) ^ (1 << random.whole(0, 7));
    writeFileSync(flipped, view);
    await comeAgain(pipeline);
  });

  it('by a crash, its file cut in half afterwards: it is made anew', async () => {
    using pipeline = await storedPipeline('SIGKILL');
    for (const folder of ['inventory', 'analytics'] as const) {
      const file = storeOf(pipeline, folder);
      for (const journal of ['-wal', '-shm']) rmSync(file + journal, { force: true });
      const bytes = readFileSync(file);
      writeFileSync(file, bytes.subarray(0, bytes.length / 2));
    }
    await comeAgain(pipeline);
  });

  it('by another cluster, whose stores it has: they are not used', async () => {
    using pipeline = await storedPipeline('SIGTERM');
    using other = await newPipeline();
    cpSync(join(pipeline.home, 'state'), join(other.home, 'state'), { recursive: true });
    await produceAll(other.ordersTopic, orderRecords('o', count));
    await using inventory = await ServiceProcess.start('inventory', other);
    assert.match(inventory.output, /it belongs to another log/);
    await checkAnalytics(other, await balanced(other, count));
  });

  it('by nobody knows what, deleted while the services run: they go on, and a crash later it is made anew', async () => {
    using pipeline = await newPipeline();
    await produceAll(pipeline.ordersTopic, orderRecords('o', count));
    await using inventory = await ServiceProcess.start('inventory', pipeline);
    await using analytics = await ServiceProcess.start('analytics', pipeline);
    await balanced(pipeline, count);
    rmSync(join(pipeline.home, 'state'), { recursive: true });
    await produceAll(pipeline.ordersTopic, orderRecords('more', 100));
    await sameAfterReplay(analytics, await balanced(pipeline, count + 100));
    await Promise.all([inventory.kill(), analytics.kill()]);
    await produceAll(pipeline.ordersTopic, [...orderRecords('o', count), ...orderRecords('more', 100)]);
    await using _next = await ServiceProcess.start('inventory', pipeline);
    await produceAll(pipeline.ordersTopic, orderRecords('new', 10));
    await checkAnalytics(pipeline, await balanced(pipeline, count + 110));
  });
});

describe('a state folder that cannot be written', { concurrency: true }, () => {
  it('since a file stands in its place: the service says so in one line and does not start', async () => {
    using pipeline = await newPipeline();
    mkdirSync(pipeline.home, { recursive: true });
    writeFileSync(join(pipeline.home, 'state'), 'not a folder');
    for (const folder of ['inventory', 'analytics'] as const)
      await assert.rejects(ServiceProcess.start(folder, pipeline), /state.*cannot be used: .*check the folder's rights and free space/);
  });

  it('since the disk is full: it says so and ends; with room again it goes on, and the numbers are right', async () => {
    using pipeline = await newPipeline();
    await produceAll(pipeline.ordersTopic, orderRecords('o', 4 * count));
    for (const folder of ['inventory', 'analytics'] as const) {
      await using full = await startOnSmallDisk(folder, { ...pipeline, env: { ...pipeline.env, ...throttle } }, 100);
      await until(() => full.child.exitCode !== null, { what: `${folder} ends` });
      assert.equal((await full.exited).code, 1);
      assert.match(full.output, /cannot be used: .*check the folder's rights and free space/);
      assert.ok(existsSync(storeOf(pipeline, folder)));
    }
    await using _inventory = await ServiceProcess.start('inventory', pipeline);
    await checkAnalytics(pipeline, await balanced(pipeline, 4 * count));
  });
});

it('clocks that jump: orders of any year are counted once each, by their own minute, before and after a replay', async () => {
  using pipeline = await newPipeline();
  const times = [
    '0001-01-01T00:00:00.000Z',
    '1969-12-31T23:59:59.999Z',
    '2026-11-21T10:00:59.999Z',
    '2026-11-21T09:00:00.000Z',
    '2099-01-01T00:00:00.000Z',
    '9999-12-31T23:59:59.999Z',
  ];
  const jumping = Array.from({ length: 300 }, (_, index) => orderRecord(`o-${index}`, { createdAt: times[(index * 7) % times.length] }));
  await produceAll(pipeline.ordersTopic, jumping);
  await using _inventory = await ServiceProcess.start('inventory', pipeline);
  const books = await balanced(pipeline, 300);
  await using analytics = await ServiceProcess.start('analytics', pipeline);
  const { orders_per_minute } = await sameAfterReplay(analytics, books);
  assert.deepEqual(Object.entries(orders_per_minute).sort(), times.map((time) => [`${time.slice(0, 16)}:00Z`, 50]).sort());
  await until(async () => (await analytics.get<{ lag: number }>('/metrics')).lag === 0, { what: 'and nothing is left' });
});
