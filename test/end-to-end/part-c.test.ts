/** The six tests of the write-up with the HTTP API, by the names that they have there: over HTTP, and with an admin client. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Metrics } from '../../src/pipeline/analytics/metrics.ts';
import { withAdmin } from '../support/kafka.ts';
import { newPipeline, type Pipeline, ServiceProcess } from '../support/service-process.ts';
import { until } from '../support/until.ts';

describe('Part C', () => {
  let pipeline: Pipeline;
  let orders: ServiceProcess;
  let inventory: ServiceProcess;
  let analytics: ServiceProcess;
  before(async () => {
    pipeline = await newPipeline({ INVENTORY_FAIL_RATE: '0.3' });
    [orders, inventory, analytics] = await Promise.all([
      ServiceProcess.start('orders', pipeline),
      ServiceProcess.start('inventory', pipeline),
      ServiceProcess.start('analytics', pipeline),
    ]);
    await until(async () => (await orders.get('/health')).status === 'ok', { what: 'order-service is healthy' });
  });
  after(async () => {
    for (const service of [orders, inventory, analytics]) await service?.[Symbol.asyncDispose]();
    pipeline[Symbol.dispose]();
  });

  const metrics = () => analytics.get<Metrics>('/metrics');
  const metricsOnce = (what: string, deadlineMs: number, fit: (metrics: Metrics) => boolean) =>
    until(async () => [await metrics()].find(fit), { what, deadlineMs });
  const groupIsListed = () =>
    until(async () => (await groupIds()).includes(pipeline.inventoryGroup), { what: 'the admin client lists the group' });

  it('test_produce_10k_events', async () => {
    const answer = await orders.post('/load-test', { count: 10_000 });
    assert.equal(answer.status, 200);
    const { produced, remaining_in_queue } = (await answer.json()) as Record<string, unknown>;
    assert.deepEqual({ produced, remaining_in_queue }, { produced: 10_000, remaining_in_queue: 0 });
  });

  it('test_inventory_processes_all', async () => {
    const { total_orders } = await metricsOnce('all orders are seen', 120_000, (now) => now.total_orders >= 10_000);
    assert.ok(total_orders >= 10_000);
  });

  it('test_analytics_reflects_volume', async () => {
    const now = await metricsOnce('all reservations are seen', 60_000, ({ total_reservations }) => total_reservations >= 10_000);
    assert.ok(Object.keys(now.orders_per_minute).length >= 1);
    assert.ok(Math.abs(now.failure_rate - 0.3) < 0.02, `failure rate ${now.failure_rate}`);
  });

  it('test_can_query_consumer_groups', async () => {
    await groupIsListed();
  });

  it('test_produce_with_lag_observation', async () => {
    for (let index = 0; index < 50; index += 1) {
      // As E sends it: no id, no user, no price.
      const answer = await orders.post('/produce', { items: [{ sku: 'burger', qty: 1 }] });
      assert.equal(answer.status, 200);
      assert.equal(((await answer.json()) as { status: string }).status, 'published');
    }
    await groupIsListed();
  });

  it('test_replay_metrics', async () => {
    const before = await metricsOnce('all is seen', 60_000, ({ lag, total_reservations }) => lag === 0 && total_reservations === 10_050);
    const answer = await analytics.post('/replay');
    assert.equal(answer.status, 200);
    const replay = answer.headers.get('location') ?? '';
    await until(async () => (await analytics.get(replay)).state === 'done', { what: 'the replay is over' });
    const after = await metrics();
    assert.ok(after.total_orders >= before.total_orders && before.total_orders > 0);
    // Theirs drew the outcomes again.
    assert.equal(after.digest, before.digest);
  });
});

const groupIds = (): Promise<string[]> =>
  withAdmin(
    (admin) =>
      new Promise((resolve, reject) => {
        admin.listGroups({ timeout: 10_000 }, (error, result) =>
          error ? reject(error) : resolve(result.groups.map(({ groupId }) => groupId)),
        );
      }),
  );
