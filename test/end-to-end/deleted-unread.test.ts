import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { clientConfig } from '../../src/kafka/client/client-config.ts';
import { KafkaInspector } from '../../src/kafka/groups/inspector.ts';
import { type Ledger, readLedger } from '../../src/order-lab/ledger/read-ledger.ts';
import type { Metrics } from '../../src/pipeline/analytics/metrics.ts';
import { deleteBefore } from '../support/kafka.ts';
import { orderRecord, orderRecords, produceAll } from '../support/produce.ts';
import { newPipeline, type Pipeline, ServiceProcess } from '../support/service-process.ts';
import { testSettings } from '../support/settings.ts';
import { until } from '../support/until.ts';

/** 100 orders in partition 0, 50 in partition 1. */
const orders = [
  ...orderRecords('zero', 100).map((one) => ({ ...one, partition: 0 })),
  ...orderRecords('one', 50).map((one) => ({ ...one, partition: 1 })),
];
const gone = 90;

describe('records that were deleted before they were read', () => {
  let pipeline: Pipeline;
  const inspector = new KafkaInspector(clientConfig(testSettings(), 'test'));
  const ledger = (): Promise<Ledger> =>
    readLedger({
      inspector,
      config: clientConfig(testSettings(), 'test'),
      topics: { orders: pipeline.ordersTopic, inventory: pipeline.inventoryTopic },
      group: pipeline.inventoryGroup,
    });
  const stretches = () => [{ topic: pipeline.ordersTopic, partition: 0, from: 1, to: gone }];
  before(async () => {
    pipeline = await newPipeline();
    await produceAll(pipeline.ordersTopic, [{ ...orderRecord('first'), partition: 0 }]);
    await using inventory = await ServiceProcess.start('inventory', pipeline);
    await until(async () => (await ledger()).decided === 1, { what: 'the group has committed' });
    await inventory.kill('SIGTERM');
    await produceAll(pipeline.ordersTopic, orders);
    await deleteBefore(pipeline.ordersTopic, 0, gone);
  });
  after(() => {
    inspector[Symbol.dispose]();
    pipeline[Symbol.dispose]();
  });

  it('are in the ledger before the group reads on, which is not balanced', async () => {
    const { balanced, deletedUnread } = await ledger();
    assert.deepEqual([balanced, deletedUnread], [false, { records: gone - 1, stretches: stretches() }]);
  });

  it('are told by the service in log, health and metrics, and stay in the ledger', async () => {
    await using inventory = await ServiceProcess.start('inventory', pipeline);
    const all = await until(
      async () => {
        const books = await ledger();
        return books.decided >= 61 && books;
      },
      { what: 'the rest is decided' },
    );
    assert.deepEqual([all.balanced, all.deletedUnread.stretches, all.findings], [false, stretches(), []]);
    const told = new RegExp(
      `89 records were deleted before ${pipeline.inventoryGroup} had read them: ${pipeline.ordersTopic}/0 offsets 1 to 89`,
    );
    assert.match(inventory.output, told);
    const notes = async (service: ServiceProcess) => (await service.get<{ notes: string[] }>('/health')).notes.join();
    assert.match(await notes(inventory), told);
    const metrics = await (await fetch(`http://127.0.0.1:${inventory.port}/metrics`)).text();
    assert.match(
      metrics,
      new RegExp(
        `^replayground_records_deleted_unread_total\\{consumergroup="${pipeline.inventoryGroup}",topic="${pipeline.ordersTopic}",partition="0",service="inventory-service"\\} 89$`,
        'm',
      ),
    );
    await inventory.kill('SIGTERM');
    await using next = await ServiceProcess.start('inventory', pipeline);
    assert.match(await notes(next), told, 'its next life tells it too');
  });

  it('make a replay of what was read in time differ, and say that the log lost its beginning', async () => {
    await using analytics = await ServiceProcess.start('analytics', pipeline);
    const metrics = () => analytics.get<Metrics>('/metrics');
    const viewed = (count: number) => async () => {
      const now = await metrics();
      return now.lag === 0 && now.replay.state === 'idle' && now.total_orders === count && now;
    };
    await until(viewed(61), { what: 'everything is seen' });
    const replayed = async (to?: string) => {
      const { id } = (await (await analytics.post('/replay', to && { to })).json()) as { id: string };
      type Result = { state: string; identical: boolean; first_difference: { field: string; before: string } };
      return await until(
        async () => {
          const one = await analytics.get<Result>(`/replay/${id}`);
          return one.state === 'done' && one;
        },
        { what: 'the replay is over' },
      );
    };
    // The view never held what the log holds no longer, and still the log is not the one that was promised.
    const again = await replayed();
    assert.deepEqual([again.identical, again.first_difference.field], [false, 'log']);
    assert.match(again.first_difference.before, /offsets 0 to 89/);
    await deleteBefore(pipeline.ordersTopic, 1, 40);
    const fewer = await replayed();
    assert.deepEqual([fewer.identical, fewer.first_difference.field], [false, 'total_orders']);
    assert.equal((await metrics()).total_orders, 21);
    // Of what is not read again nothing goes, also where the log holds none of it any longer.
    await deleteBefore(pipeline.ordersTopic, 1, 50);
    const none = await replayed('2999-01-01T00:00:00Z');
    assert.deepEqual([none.identical, none.first_difference.field], [false, 'log']);
    assert.equal((await metrics()).total_orders, 21);
  });
});
