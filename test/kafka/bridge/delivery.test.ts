/** Delivery reports of whole batches, and what happens where records are refused or the queue is full. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BatchWriter } from '../../../src/kafka/bridge/batch-writer.ts';
import { BridgeConsumer } from '../../../src/kafka/bridge/bridge-consumer.ts';
import { BridgeProducer } from '../../../src/kafka/bridge/bridge-producer.ts';
import { bridgeConfig, limits, readerConfig, readKeys, textRecords } from '../../support/bridge.ts';
import { createTopic } from '../../support/kafka.ts';

describe('a batch that is sent', { concurrency: true }, () => {
  it('is reported record by record, with where each is', async () => {
    const topic = await createTopic('delivery');
    await using producer = new BridgeProducer(bridgeConfig({ 'enable.idempotence': true }));
    const batches = await Promise.all([
      producer.produce(textRecords(producer, topic, 'a', 300), 5000),
      producer.produce(textRecords(producer, topic, 'b', 300), 5000),
      producer.produce(new BatchWriter(), 5000),
    ]);
    const places = batches.flatMap(({ offsets, partitions }) => [...offsets].map((offset, i) => `${partitions[i]}@${offset}`));
    assert.equal(new Set(places).size, 600);
    assert.deepEqual(
      batches.map(({ refused }) => refused),
      [[], [], []],
    );
    assert.equal((await readKeys(topic, 3)).length, 600);
  });

  it('is written again and again from the same memory', async () => {
    const topic = await createTopic('delivery', 1);
    await using producer = new BridgeProducer(bridgeConfig());
    const writer = new BatchWriter();
    const sent: Promise<unknown>[] = [];
    for (let round = 0; round < 20; round++) {
      for (let i = 0; i < 50; i++) writer.write({ topic: producer.topic(topic), partition: 0, key: `${round}/${i}`, value: null });
      sent.push(producer.produce(writer, 5000));
      writer.clear();
    }
    await Promise.all(sent);
    const expected = Array.from({ length: 20 }, (_, round) => Array.from({ length: 50 }, (_, i) => `${round}/${i}`)).flat();
    assert.deepEqual(await readKeys(topic, 1), expected);
  });

  it('waits for room where the queue is full, and loses nothing', async () => {
    const topic = await createTopic('delivery', 1);
    await using producer = new BridgeProducer(bridgeConfig({ 'queue.buffering.max.messages': 50, 'linger.ms': 1 }));
    const { refused } = await producer.produce(textRecords(producer, topic, 'a', 2000), 30_000);
    assert.deepEqual(refused, []);
    assert.equal((await readKeys(topic, 1)).length, 2000);
  });

  it('is refused record by record: what finds no room in time, what is too large, what has no such partition', async () => {
    const topic = await createTopic('delivery', 1);
    await using stuck = new BridgeProducer(
      bridgeConfig({ 'bootstrap.servers': '127.0.0.1:1', 'queue.buffering.max.messages': 3, 'message.timeout.ms': 1500 }),
    );
    const late = await stuck.produce(textRecords(stuck, topic, 'a', 5, 0), 200);
    assert.deepEqual(late.refused.map(({ index, code }) => [index, code]).sort(), [
      [0, -192],
      [1, -192],
      [2, -192],
      [3, -184],
      [4, -184],
    ]);
    await using producer = new BridgeProducer(bridgeConfig({ 'message.max.bytes': 2000, 'message.timeout.ms': 3000 }));
    const number = producer.topic(topic);
    const writer = new BatchWriter();
    writer.write({ topic: number, partition: 0, key: 'good', value: 'v' });
    writer.write({ topic: number, partition: 0, key: 'large', value: Buffer.alloc(5000) });
    writer.write({ topic: number, partition: 7, key: 'nowhere', value: 'v' });
    const { refused, offsets } = await producer.produce(writer, 5000);
    assert.deepEqual(refused.map(({ index, code }) => [index, code]).sort(), [
      [1, 10],
      [2, -190],
    ]);
    assert.deepEqual([...offsets], [0, -1, -1]);
  });

  it('is reported when the producer is closed meanwhile', async () => {
    const topic = await createTopic('delivery', 1);
    const producer = new BridgeProducer(bridgeConfig({ 'linger.ms': 1000 }));
    const reports = producer.produce(textRecords(producer, topic, 'a', 100), 5000);
    await producer.close();
    assert.deepEqual((await reports).refused, []);
    assert.equal((await readKeys(topic, 1)).length, 100);
  });
});

describe('a consumer of assigned partitions', { concurrency: true }, () => {
  it('seeks, pauses, tells positions, ends and offsets of times', async () => {
    const topic = await createTopic('seek', 2);
    await using producer = new BridgeProducer(bridgeConfig());
    const writer = new BatchWriter();
    for (let i = 0; i < 200; i++) {
      writer.write({ topic: producer.topic(topic), partition: i % 2, key: String(i), value: 'v', timestamp: 1_000_000 + i });
    }
    await producer.produce(writer, 5000);
    await using consumer = new BridgeConsumer(readerConfig());
    const both = [0, 1].map((partition) => ({ topic, partition }));
    await consumer.assign(both.map((at) => ({ ...at, offset: 90 })));
    const read = async (count: number): Promise<string[]> => {
      const keys: string[] = [];
      for (const end = Date.now() + 10_000; keys.length < count && Date.now() < end; ) {
        const batch = await consumer.consume(limits);
        for (let i = 0; i < batch.count; i++) keys.push(String(batch.key(i)));
      }
      return keys.sort();
    };
    assert.equal((await read(20)).length, 20);
    assert.deepEqual(
      (await consumer.positions(both)).map(({ offset }) => offset),
      [100, 100],
    );
    await consumer.pause([both[0] as (typeof both)[0]]);
    await consumer.seek(both.map((at) => ({ ...at, offset: 98 })));
    assert.deepEqual(await read(2), ['197', '199']);
    assert.equal((await consumer.consume(limits)).count, 0);
    await consumer.resume(both);
    assert.deepEqual(await read(2), ['196', '198']);
    assert.deepEqual(await consumer.watermarks({ topic, partition: 1 }), { low: 0, high: 100 });
    const times = await consumer.offsetsForTimes([
      { topic, partition: 0, offset: 1_000_010 },
      { topic, partition: 1, offset: 9_000_000 },
    ]);
    assert.deepEqual(
      times.map(({ offset }) => offset),
      [5, -1],
    );
    const { clusterId, ...known } = await consumer.metadata(topic);
    assert.deepEqual(known, { brokers: 1, partitions: 2 });
    assert.match(clusterId ?? '', /^[\w-]{22}$/, 'a UUID in base64, as Kafka makes them');
    assert.equal((await consumer.metadata('no-such-topic')).partitions, -1);
  });

  it('keeps to its limits', async () => {
    const topic = await createTopic('limits', 1);
    await using producer = new BridgeProducer(bridgeConfig());
    const writer = new BatchWriter();
    for (let i = 0; i < 400; i++) writer.write({ topic: producer.topic(topic), partition: 0, key: null, value: Buffer.alloc(10_000, 'x') });
    await producer.produce(writer, 5000);
    await using consumer = new BridgeConsumer(readerConfig());
    await consumer.assign([{ topic, partition: 0, offset: 0 }]);
    const counts: number[] = [];
    for (let total = 0; total < 400; ) {
      const { count } = await consumer.consume({ maxRecords: 50, maxBytes: 250_000, withinMs: 2000 });
      counts.push(count);
      total += count;
    }
    assert.ok(Math.max(...counts) <= 27, `at most a little more than 250,000 bytes: ${counts}`);
    const started = Date.now();
    assert.equal((await consumer.consume({ maxRecords: 50, maxBytes: 1, withinMs: 300 })).count, 0);
    assert.ok(Date.now() - started >= 290);
  });

  it('tells of an offset that is out of range, beside the records of other partitions', async () => {
    const topic = await createTopic('range', 2);
    await using producer = new BridgeProducer(bridgeConfig());
    await producer.produce(textRecords(producer, topic, 'a', 10, 1), 5000);
    await using consumer = new BridgeConsumer(readerConfig({ 'auto.offset.reset': 'error' }));
    await consumer.assign([
      { topic, partition: 0, offset: 999 },
      { topic, partition: 1, offset: 0 },
    ]);
    let records = 0;
    let error: { topic: string; partition: number; code: number; text: string } | undefined;
    for (const end = Date.now() + 10_000; (records < 10 || !error) && Date.now() < end; ) {
      const batch = await consumer.consume(limits);
      records += batch.count;
      error ??= batch.errors[0];
    }
    assert.equal(records, 10);
    assert.deepEqual([error?.topic, error?.partition, error?.code], [topic, 0, -140]);
    assert.match(error?.text ?? '', /out of range/i);
  });
});
