import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clientConfig } from '../../../src/kafka/client/client-config.ts';
import { KafkaInspector } from '../../../src/kafka/groups/inspector.ts';
import { redriveLetters } from '../../../src/kafka/redrive/send-back.ts';
import { createTopicNamed, headersOf, readAll } from '../../support/kafka.ts';
import { orderRecord, produceAll } from '../../support/produce.ts';
import { newPipeline, ServiceProcess } from '../../support/service-process.ts';
import { testSettings } from '../../support/settings.ts';
import { until } from '../../support/until.ts';

test('a letter that is sent back is decided once, however often it is sent, with its event id', async () => {
  using pipeline = await newPipeline();
  const { ordersTopic, inventoryTopic } = pipeline;
  const letters = `${ordersTopic}.dlq`;
  await createTopicNamed(letters, 1);
  // Orders that a stricter reader refused, one of them decided since.
  const headers = { ce_id: 'event-b', '__replayground.errors.topic': ordersTopic };
  await produceAll(
    letters,
    ['a', 'b'].map((id) => ({ ...orderRecord(id), partition: 0, headers: { ...headers, ce_id: `event-${id}` } })),
  );
  await produceAll(ordersTopic, [orderRecord('a')]);
  await using inventory = await ServiceProcess.start('inventory', pipeline);

  const config = clientConfig(testSettings(), 'test');
  using inspector = new KafkaInspector(config);
  const records = await readAll(letters);
  for (let time = 0; time < 2; time += 1) {
    const { sent } = await redriveLetters({ inspector, config }, { records, maxRedrives: 3, execute: true });
    assert.equal(sent, 2);
  }
  await until(async () => (await duplicates(inventory)) === 3, {
    what: 'inventory has read all five records',
  });
  await until(async () => (await readAll(inventoryTopic)).length > 0, { what: 'the transaction is committed' });
  const decisions = await readAll(inventoryTopic);
  assert.deepEqual(decisions.map(({ key }) => String(key)).sort(), ['a', 'b']);
  const sent = (await readAll(ordersTopic)).filter((record) => '__replayground.redrives' in headersOf(record));
  assert.deepEqual(sent.map((record) => `${record.key} ${headersOf(record).ce_id}`).sort(), [
    'a event-a',
    'a event-a',
    'b event-b',
    'b event-b',
  ]);
});

async function duplicates(inventory: ServiceProcess): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${inventory.port}/metrics`)).text();
  return Number(/replayground_inventory_orders_total\{.*outcome="duplicate".*\} (\d+)/.exec(text)?.[1] ?? 0);
}
