import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { runKafkaTool } from '../../src/lab/broker/tools.ts';
import type { Metrics } from '../../src/pipeline/analytics/metrics.ts';
import { publishBurst } from '../../src/pipeline/orders/burst.ts';
import { readSettings } from '../../src/pipeline/settings/read-settings.ts';
import { brokers, headersOf, readAll } from '../support/kafka.ts';
import { orderRecords, produceAll } from '../support/produce.ts';
import { newPipeline, type Pipeline, ServiceProcess } from '../support/service-process.ts';
import { until } from '../support/until.ts';

const count = 10_000;

/** One pipeline, three inventory instances; the tests go through its life one after the other. */
describe('10,000 orders through three instances', () => {
  let pipeline: Pipeline;
  let inventory: ServiceProcess[] = [];
  let analytics: ServiceProcess;
  const metrics = () => analytics.get<Metrics>('/metrics');
  const settled = (orders: number) =>
    until(
      async () => {
        const now = await metrics();
        return now.lag === 0 && now.replay.state === 'idle' && now.total_orders === orders && now.total_reservations === orders && now;
      },
      { what: `${orders} orders seen and decided, no lag` },
    );

  const replayOver = (id: string) =>
    until(
      async () => {
        const replay = await analytics.get(`/replay/${id}`);
        return replay.state === 'done' && replay;
      },
      { what: 'the replay is over' },
    );

  before(async () => {
    pipeline = await newPipeline();
    analytics = await ServiceProcess.start('analytics', pipeline);
    inventory = await Promise.all([1, 2, 3].map((instance) => ServiceProcess.start('inventory', pipeline, instance)));
  });
  after(async () => {
    for (const service of [...inventory, analytics]) await service[Symbol.asyncDispose]();
    pipeline[Symbol.dispose]();
  });

  it('sees every order decided once, though an instance and analytics are killed in the middle', async () => {
    const settings = readSettings(pipeline.env);
    const burst = publishBurst({
      settings,
      topic: pipeline.ordersTopic,
      count,
      failRate: 0,
      seed: 'end-to-end',
      runId: 'run',
      ratePerSec: 5000,
    });
    await until(async () => (await metrics()).total_orders > count / 4, { what: 'a quarter of the orders seen' });
    await inventory[0]?.kill('SIGKILL');
    await analytics.kill('SIGKILL');
    inventory[0] = await ServiceProcess.start('inventory', pipeline, 1);
    analytics = await ServiceProcess.start('analytics', pipeline);
    assert.equal((await burst).produced, count);
    const now = await settled(count);
    assert.ok(Math.abs(now.failure_rate - 0.05) < 0.01, `failure rate ${now.failure_rate}`);
    assert.equal(now.duplicates_ignored, 0);
    assert.equal(now.dead_letters, 0);
    const decisions = await readAll(pipeline.inventoryTopic);
    assert.equal(decisions.length, count);
    assert.equal(new Set(decisions.map(({ key }) => String(key))).size, count);
  });

  it('has no lag left in either group, control records and all', async () => {
    await until(
      async () => {
        const { stdout } = await runKafkaTool('consumer-groups', ['--describe', '--group', pipeline.analyticsGroup], {
          brokers: brokers(),
        });
        const lags = stdout.split('\n').flatMap((line) => (line.startsWith(pipeline.analyticsGroup) ? [line.split(/\s+/)[5]] : []));
        return lags.length === 6 && lags.every((lag) => lag === '0');
      },
      { what: 'LAG 0 on all six partitions, as Kafka’s own tool sees it' },
    );
  });

  it('ignores duplicates and sets garbage aside, each counted', async () => {
    const decided = await readAll(pipeline.ordersTopic);
    await produceAll(
      pipeline.ordersTopic,
      decided.slice(0, 50).map(({ key, value }) => ({ key: String(key), value })),
    );
    await produceAll(pipeline.ordersTopic, [{ key: 'x', value: 'garbage' }]);
    await produceAll(pipeline.inventoryTopic, [{ key: 'x', value: 'garbage' }]);
    const now = await until(
      async () => {
        const seen = await settled(count);
        return seen.duplicates_ignored === 50 && seen.dead_letters === 2 && seen;
      },
      { what: '50 duplicates and 2 dead letters' },
    );
    assert.equal(now.total_orders, count);
    for (const topic of [pipeline.ordersTopic, pipeline.inventoryTopic]) {
      const [letter, ...more] = await readAll(`${topic}.dlq`);
      assert.equal(letter && headersOf(letter)['__replayground.errors.reason'], 'bad-json');
      assert.equal(more.length, 0);
    }
  });

  it('has the same digest after POST /replay, and says so', async () => {
    const before = await settled(count);
    const answer = await analytics.post('/replay');
    assert.equal(answer.status, 200);
    const { status, id, before: reported } = (await answer.json()) as { status: string; id: string; before: Metrics };
    assert.equal(status, 'replaying');
    assert.equal(answer.headers.get('location'), `/replay/${id}`);
    assert.equal(reported.digest, before.digest);
    const second = await analytics.post('/replay');
    assert.equal(second.status, 409);
    const done = await replayOver(id);
    assert.equal(done.identical, true);
    assert.equal(done.first_difference, null);
    assert.equal((done.after as Metrics).total_orders, count);
    assert.equal((await settled(count)).digest, before.digest);
  });

  it('goes on with a replay that a crash interrupted', async () => {
    const before = await settled(count);
    const { id } = (await (await analytics.post('/replay')).json()) as { id: string };
    await analytics.kill('SIGKILL');
    analytics = await ServiceProcess.start('analytics', pipeline);
    const done = await replayOver(id);
    assert.equal(done.identical, true);
    assert.equal((await settled(count)).digest, before.digest);
  });

  it('replays exactly what was there, while new orders come in', async () => {
    const before = await settled(count);
    const { id } = (await (await analytics.post('/replay', { to: 'earliest' })).json()) as { id: string };
    await produceAll(pipeline.ordersTopic, orderRecords('during', 100));
    const done = await replayOver(id);
    assert.equal(done.identical, true);
    assert.equal((done.after as Metrics).digest, before.digest);
    await settled(count + 100);
  });

  const resets: [string, string[]][] = [
    ['one topic to its beginning', ['--topic', 'ORDERS', '--to-earliest']],
    ['both topics to their beginning', ['--all-topics', '--to-earliest']],
    ['one partition to an offset', ['--topic', 'ORDERS:1', '--to-offset', '1234']],
    ['all partitions back by 500', ['--all-topics', '--shift-by', '-500']],
    ['to the end, which skips nothing', ['--all-topics', '--to-latest']],
  ];
  for (const [what, args] of resets) {
    it(`has the same digest after Kafka’s own tool reset ${what}`, async () => {
      const before = await settled(count + 100);
      await analytics.kill('SIGTERM');
      const named = args.map((arg) => arg.replace('ORDERS', pipeline.ordersTopic));
      const reset = await runKafkaTool('consumer-groups', ['--group', pipeline.analyticsGroup, '--reset-offsets', ...named, '--execute'], {
        brokers: brokers(),
      });
      assert.equal(reset.exitCode, 0, reset.stdout + reset.stderr);
      assert.ok(!reset.stdout.includes('Error'), reset.stdout);
      analytics = await ServiceProcess.start('analytics', pipeline);
      assert.equal((await settled(count + 100)).digest, before.digest);
    });
  }

  it('writes no dead letter again in all these replays', async () => {
    assert.equal((await readAll(`${pipeline.inventoryTopic}.dlq`)).length, 1);
    assert.equal((await readAll(`${pipeline.ordersTopic}.dlq`)).length, 1);
  });
});
