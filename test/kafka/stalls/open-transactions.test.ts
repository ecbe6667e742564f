import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { clientConfig } from '../../../src/kafka/client/client-config.ts';
import { readGroup } from '../../../src/kafka/groups/group-state.ts';
import { KafkaInspector } from '../../../src/kafka/groups/inspector.ts';
import { OpenTransactions, openTransactionText } from '../../../src/kafka/stalls/open-transactions.ts';
import { transactionOwner } from '../../../src/lab/broker/transaction-owner.ts';
import { readLedger } from '../../../src/order-lab/ledger/read-ledger.ts';
import { orderRecords, produceAll } from '../../support/produce.ts';
import { newPipeline, ServiceProcess } from '../../support/service-process.ts';
import { testSettings } from '../../support/settings.ts';
import { openTransaction } from '../../support/stranger.ts';
import { until } from '../../support/until.ts';

const ends = (stable: number, end = 10, partition = 0) => [{ topic: 't', partition, stable, end }];

describe('an open transaction', () => {
  it('is told once, when it is open for longer than any of our own, and once when it is over', () => {
    const transactions = new OpenTransactions();
    assert.deepEqual(transactions.look(ends(4), 0), { begun: [], over: [] });
    assert.deepEqual(transactions.look(ends(4), 11_000), { begun: [], over: [] });
    const open = { topic: 't', partition: 0, offset: 4, sinceMs: 0 };
    assert.deepEqual(transactions.look(ends(4), 12_000), { begun: [open], over: [] });
    assert.deepEqual(transactions.look(ends(4, 50), 13_000), { begun: [], over: [] });
    assert.deepEqual(transactions.open, [open]);
    assert.deepEqual(transactions.look(ends(50, 50), 14_000), { begun: [], over: [open] });
  });

  it('is none where transactions come and go', () => {
    const transactions = new OpenTransactions();
    for (let second = 0; second < 60; second += 1) {
      assert.deepEqual(transactions.look(ends(second * 10, second * 10 + 5), second * 1000), { begun: [], over: [] });
    }
  });

  it('is named with what waits, whose it is, since when, until when, and what ends it', () => {
    const open = { topic: 't', partition: 2, offset: 4, sinceMs: 0 };
    assert.equal(
      openTransactionText(open, { producerId: '7', transactionalId: 'job', startedMs: 1000, timeoutMs: 60_000 }),
      't/2 cannot be read beyond offset 4: a transaction of producer id 7 (job) is open there since 1970-01-01T00:00:01.000Z; ' +
        'Kafka ends it by its own timeout at 1970-01-01T00:01:01.000Z, or you: ./lab kafka transactions abort --topic t --partition 2 --start-offset 4',
    );
    assert.match(openTransactionText(open), /describe-producers --topic t --partition 2 names its producer/);
  });

  it('among the decisions holds up its partition alone, without a restart, and is named by /health', async () => {
    using pipeline = await newPipeline();
    await using stranger = await openTransaction(pipeline.inventoryTopic, 0);
    await produceAll(pipeline.ordersTopic, orderRecords('o', 60));
    await using service = await ServiceProcess.start('inventory', pipeline);
    using inspector = new KafkaInspector(clientConfig(testSettings(), 'test'));
    const lags = async (): Promise<number[]> => {
      const { partitions } = await readGroup(inspector, pipeline.inventoryGroup, [pipeline.ordersTopic]);
      return partitions.map(({ committed, end }) => (end ?? 0) - (committed ?? 0));
    };
    type Health = { waiting: { topic: string; partition: number; because: string }[] };
    const isTold = async (): Promise<Health['waiting'] | false> => {
      const { waiting } = await service.get<Health>('/health');
      return waiting.length > 0 && waiting;
    };
    const [waiting] = await until(isTold, { what: 'the partition that waits is told' });
    assert.deepEqual([waiting?.topic, waiting?.partition], [pipeline.inventoryTopic, 0]);
    assert.match(waiting?.because ?? '', /transactions abort --topic \S+ --partition 0 --start-offset 0$/);
    const [first = 0, ...others] = await lags();
    assert.ok(first > 0);
    assert.deepEqual(others, [0, 0]);
    const open = { topic: pipeline.inventoryTopic, partition: 0, offset: 0, sinceMs: 0 };
    const owner = await transactionOwner(open, testSettings());
    assert.deepEqual([owner?.transactionalId, owner?.timeoutMs], [stranger.transactionalId, 900_000]);
    const topics = { orders: pipeline.ordersTopic, inventory: pipeline.inventoryTopic };
    const books = readLedger({ inspector, config: clientConfig(testSettings(), 'test'), topics, group: pipeline.inventoryGroup });
    await assert.rejects(books, {
      code: 'open-transaction',
      message: new RegExp(`${pipeline.inventoryTopic}/0 cannot be read beyond offset 0`),
    });
    await stranger.abort();
    await until(async () => (await lags()).every((lag) => lag === 0), { what: 'the partition is read' });
    assert.equal(service.output.match(/cannot be read beyond offset 0/g)?.length, 1);
    await until(() => service.output.includes('can be read again'), { what: 'the end of it is told' });
  });
});
