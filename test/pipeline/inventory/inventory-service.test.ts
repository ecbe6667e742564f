import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { Message } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { createTopic, deleteTopic, headersOf, readAll, uniqueName } from '../../support/kafka.ts';
import { orderRecord, orderRecords, produceAll } from '../../support/produce.ts';
import { newPipeline, type Pipeline, ServiceProcess } from '../../support/service-process.ts';
import { until } from '../../support/until.ts';

const deadLettersOf = (topic: string) => readAll(`${topic}.dlq`);
const decisionsBecome = (pipeline: Pipeline, count: number) =>
  until(async () => (await readAll(pipeline.inventoryTopic)).length >= count && readAll(pipeline.inventoryTopic), {
    what: `${count} decisions`,
  });
const actionsOf = (records: Message[]) => {
  const counts: Record<string, number> = {};
  for (const { value } of records) {
    const { action } = JSON.parse(String(value));
    counts[action] = (counts[action] ?? 0) + 1;
  }
  return counts;
};

describe('inventory-service', () => {
  it('decides on each order once, in the partition of the order, with its time and headers', async () => {
    using pipeline = await newPipeline({ INVENTORY_FAIL_RATE: '0.3' });
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    await produceAll(pipeline.ordersTopic, [
      ...orderRecords('o', 300),
      { ...orderRecord('failed-one', { status: 'failed' }), headers: { traceparent } },
    ]);
    await using _service = await ServiceProcess.start('inventory', pipeline);
    const decisions = await decisionsBecome(pipeline, 301);
    const orders = new Map((await readAll(pipeline.ordersTopic)).map((record) => [String(record.key), record]));

    assert.equal(decisions.length, 301);
    assert.equal(new Set(decisions.map(({ key }) => String(key))).size, 301);
    const { reserve = 0, reject = 0, release } = actionsOf(decisions);
    assert.equal(release, 1);
    assert.ok(reject > 60 && reject < 120, `${reject} of 300 failed`);
    assert.equal(reserve + reject, 300);
    for (const decision of decisions) {
      const event = JSON.parse(String(decision.value));
      const order = orders.get(event.orderId);
      assert.equal(decision.partition, order?.partition);
      assert.deepEqual(event.source, { topic: pipeline.ordersTopic, partition: order?.partition, offset: order?.offset });
      assert.equal(event.createdAt, '2026-01-05T10:20:30.123Z');
      assert.equal(headersOf(decision).ce_id, event.eventId);
      assert.equal(headersOf(decision).ce_source, '/replayground/inventory-service');
    }
    const released = decisions.find(({ key }) => String(key) === 'failed-one');
    assert.equal(released && headersOf(released).traceparent, traceparent);
  });

  it('skips and counts duplicates, also after its store was deleted', async () => {
    using pipeline = await newPipeline();
    await produceAll(pipeline.ordersTopic, [...orderRecords('o', 100), ...orderRecords('o', 100)]);
    {
      await using first = await ServiceProcess.start('inventory', pipeline);
      await decisionsBecome(pipeline, 100);
      await until(async () => (await metric(first, 'duplicate')) === 100, { what: '100 duplicates counted' });
      assert.deepEqual(await first.kill('SIGTERM'), { code: 0, signal: null });
    }
    rmSync(join(pipeline.home, 'state'), { recursive: true });
    await produceAll(pipeline.ordersTopic, [...orderRecords('o', 100), orderRecord('new')]);
    await using second = await ServiceProcess.start('inventory', pipeline);
    await until(async () => (await metric(second, 'duplicate')) === 100, { what: '100 more duplicates counted' });
    const decisions = await decisionsBecome(pipeline, 101);
    assert.equal(decisions.length, 101);
    assert.equal(new Set(decisions.map(({ key }) => String(key))).size, 101);
  });

  it('sets aside what it cannot read, untouched, and goes on', async () => {
    using pipeline = await newPipeline();
    const timestamp = Date.parse('2026-01-02T03:04:05.678Z');
    const garbage = [
      { key: 'a', value: 'no JSON', headers: { colour: 'red' }, timestamp },
      { key: 'b', value: Buffer.from([0xff, 0xfe]) },
      { key: 'c', value: '' },
      { key: 'd', value: null },
      { key: null, value: orderRecord('e').value },
      { key: 'f', value: orderRecord('other').value },
      { ...orderRecord('g', { items: [{ sku: 'x', qty: 1.5 }] }) },
    ];
    await produceAll(pipeline.ordersTopic, [...garbage, ...orderRecords('o', 20)]);
    await using _service = await ServiceProcess.start('inventory', pipeline);
    assert.equal((await decisionsBecome(pipeline, 20)).length, 20);
    const letters = await deadLettersOf(pipeline.ordersTopic);
    const reasons = Object.fromEntries(letters.map((letter) => [String(letter.key), headersOf(letter)['__replayground.errors.reason']]));
    assert.deepEqual(reasons, {
      a: 'bad-json',
      b: 'bad-utf8',
      c: 'empty',
      d: 'tombstone',
      null: 'missing-key',
      f: 'key-mismatch',
      g: 'bad-shape',
    });
    const letterOf = (key: string) => letters.find((letter) => String(letter.key) === key) as Message;
    const headers = headersOf(letterOf('a'));
    assert.equal(letterOf('a').value?.toString(), 'no JSON');
    assert.equal(letterOf('a').timestamp, timestamp);
    assert.equal(headers.colour, 'red');
    assert.equal(headers['kafka_dlt-original-topic'], pipeline.ordersTopic);
    assert.equal(headers['__replayground.errors.topic'], pipeline.ordersTopic);
    assert.equal(headers['__replayground.errors.group'], pipeline.inventoryGroup);
    assert.equal(letterOf('d').value, null);
    assert.deepEqual(letterOf('b').value, Buffer.from([0xff, 0xfe]));
  });

  it('sets aside a record above 1 MiB, which its topic lets in', async () => {
    using pipeline = await newPipeline();
    const large = await createTopic('large-orders', 3, { 'max.message.bytes': '20000000' });
    pipeline.env.ORDERS_TOPIC = large;
    await produceAll(large, [orderRecord('big', { userId: 'x'.repeat(2 * 1024 * 1024) }), orderRecord('small')]);
    await using _service = await ServiceProcess.start('inventory', pipeline);
    await decisionsBecome(pipeline, 1);
    const [letter] = await deadLettersOf(large);
    assert.equal(letter && headersOf(letter)['__replayground.errors.reason'], 'oversized');
    assert.ok((letter?.size ?? 0) > 2 * 1024 * 1024);
  });

  it('loses and doubles nothing when it is killed again and again', async () => {
    using pipeline = await newPipeline();
    const count = 3000;
    await produceAll(pipeline.ordersTopic, orderRecords('o', count));
    pipeline.env.CONSUMER_THROTTLE_MS = '1';
    for (let life = 0; life < 3; life++) {
      await using service = await ServiceProcess.start('inventory', pipeline);
      const had = (await readAll(pipeline.inventoryTopic)).length;
      await until(async () => (await readAll(pipeline.inventoryTopic)).length > had + 50, {
        what: 'some decisions of this life',
      });
      await service.kill('SIGKILL');
    }
    pipeline.env.CONSUMER_THROTTLE_MS = '0';
    await using _last = await ServiceProcess.start('inventory', pipeline);
    const decisions = await decisionsBecome(pipeline, count);
    assert.equal(decisions.length, count);
    assert.equal(new Set(decisions.map(({ key }) => String(key))).size, count);
  });

  it('decides nothing where its output has fewer partitions, and names the command that helps', async () => {
    using pipeline = await newPipeline();
    pipeline.env.INVENTORY_TOPIC = await createTopic('narrow', 2);
    await using service = await ServiceProcess.start('inventory', pipeline);
    const { status } = await service.get<{ status: string }>('/health');
    assert.match(status, /has 3 partitions and narrow-\w+ 2: .*nothing is decided until .*--alter --topic narrow-\w+ --partitions 3/);
  });

  it('starts an empty store for a topic that was made anew under the same name', async () => {
    using pipeline = await newPipeline();
    await produceAll(pipeline.ordersTopic, orderRecords('o', 30));
    {
      await using first = await ServiceProcess.start('inventory', pipeline);
      await decisionsBecome(pipeline, 30);
      await first.kill('SIGTERM');
    }
    await deleteTopic(pipeline.inventoryTopic);
    pipeline.env.INVENTORY_GROUP_ID = uniqueName('another-group');
    await using _second = await ServiceProcess.start('inventory', pipeline);
    assert.equal((await decisionsBecome(pipeline, 30)).length, 30);
  });
});

async function metric(service: ServiceProcess, outcome: string): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${service.port}/metrics`)).text();
  return Number(text.match(new RegExp(`replayground_inventory_orders_total\\{outcome="${outcome}"[^}]*\\} (\\d+)`))?.[1] ?? 0);
}
