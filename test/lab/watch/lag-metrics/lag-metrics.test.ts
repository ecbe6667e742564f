import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Insight, Snapshot } from '../../../../src/lab/wire/all.ts';
import { type RealLab, startRealLab } from '../../../order-lab/fixtures/real-lab.ts';
import { orderRecord, produceAll } from '../../../support/produce.ts';
import { until } from '../../../support/until.ts';

const dayMs = 86_400_000;
let lab: RealLab;
before(async () => {
  lab = await startRealLab({ 'retention.ms': String(dayMs) });
});
after(() => lab[Symbol.asyncDispose]());

const scrape = async (): Promise<string> => await (await fetch(`${lab.client.file.url}/api/metrics`)).text();
/** The figures of the orders' partitions, by group and partition. */
const figures = async (name: string): Promise<Map<string, number>> => {
  const line = new RegExp(
    `^${name}\\{consumergroup="([^"]+)",topic="${lab.names.orders}",partition="(\\d+)",service="lab"\\} (\\S+)$`,
    'gm',
  );
  return new Map([...(await scrape()).matchAll(line)].map(([, group, partition, value]) => [`${group}/${partition}`, Number(value)]));
};
const insights = async (): Promise<Insight[]> =>
  (await lab.get<Snapshot>('/api/snapshot')).live.insights.filter(({ id }) => id === 'retention');

test('a record that waits for a stopped service is told before it is deleted, to Prometheus and to the page', async () => {
  await lab.post('/api/services/inventory-service/stop');
  const aged = (orderId: string, partition: number, share: number) => ({
    ...orderRecord(orderId),
    partition,
    timestamp: Date.now() - share * dayMs,
  });
  await produceAll(lab.names.orders, [aged('old', 0, 0.95), aged('young', 0, 0.1), aged('other', 1, 0.2)]);
  const [old, other] = [0, 1].map((partition) => `${lab.names.inventoryGroup}/${partition}`) as [string, string];
  const shares = await until(
    async () => {
      const found = await figures('replayground_retention_used_ratio');
      return found.size === 2 && found;
    },
    { what: 'both partitions are told, and analytics has read' },
  );
  assert.deepEqual(
    [[old, 0.95] as const, [other, 0.2] as const].map(([key, share]) => Math.abs((shares.get(key) ?? 0) - share) < 0.01),
    [true, true],
  );
  const left = (await figures('replayground_oldest_unread_deletable_seconds')).get(old) ?? 0;
  assert.ok(left > 0 && left <= 0.05 * (dayMs / 1000), `${left} s are left`);
  assert.match(await scrape(), /^# HELP replayground_retention_used_ratio .*from 1 on it may be gone at any moment/m);
  const [insight, ...more] = await insights();
  assert.deepEqual([insight?.level, insight?.group, more], ['bad', lab.names.inventoryGroup, []]);
  assert.match(insight?.text ?? '', new RegExp(`^${lab.names.orders}/0: .* may be deleted in 1 h( \\d+ min)? at the earliest \\(95%\\)$`));
});

test('once it is read there is nothing to tell', async () => {
  await lab.post('/api/services/inventory-service/start');
  await until(async () => (await figures('replayground_retention_used_ratio')).size === 0 && (await insights()).length === 0, {
    what: 'nothing waits',
  });
  assert.match(await scrape(), /^process_cpu_user_seconds_total\{service="lab"\}/m, 'the lab still answers');
});
