/** The bridge and the client read the same log, and agree record by record; what each writes, the other reads. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Message } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { BatchWriter, type OutgoingRecord } from '../../../src/kafka/bridge/batch-writer.ts';
import { BridgeProducer } from '../../../src/kafka/bridge/bridge-producer.ts';
import { sendRecords } from '../../../src/kafka/producer/send-records.ts';
import { bridgeConfig, readAllBatches } from '../../support/bridge.ts';
import { createTopic, readAll } from '../../support/kafka.ts';

type Plain = {
  partition: number;
  offset: number;
  timestamp: number;
  key: string | null;
  value: string | null;
  headers: [string, string | null][];
};

const hex = (bytes: Buffer | null | undefined): string | null => (bytes ? bytes.toString('hex') : null);
const order = (a: Plain, b: Plain): number => a.partition - b.partition || a.offset - b.offset;

async function byBridge(topic: string): Promise<Plain[]> {
  const records: Plain[] = [];
  await readAllBatches(topic, 3, (batch) => {
    for (let i = 0; i < batch.count; i++) {
      records.push({
        partition: batch.partition(i),
        offset: batch.offset(i),
        timestamp: batch.timestamp(i),
        key: hex(batch.key(i)),
        value: hex(batch.value(i)),
        headers: batch.headers(i).map(([name, value]) => [name, hex(value)]),
      });
    }
  });
  return records.sort(order);
}

const plain = ({ partition, offset, timestamp, key, value, headers = [] }: Message): Plain => ({
  partition,
  offset,
  timestamp: timestamp ?? -1,
  key: hex(key as Buffer | null),
  value: hex(value),
  headers: headers.flatMap((header) =>
    Object.entries(header).map(([name, bytes]): [string, string | null] => [name, hex(bytes as Buffer)]),
  ),
});

const byClient = async (topic: string): Promise<Plain[]> => (await readAll(topic)).map(plain).sort(order);

/** The client loses a header called __proto__ and makes a null value an empty one: there the bridge alone is asked. */
const forClient = (records: Plain[]): Plain[] =>
  records.map((record) => ({
    ...record,
    headers: record.headers.filter(([name]) => name !== '__proto__').map(([name, value]) => [name, value ?? '']),
  }));

const everyByte = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
const oddRecords: Omit<OutgoingRecord, 'topic'>[] = [
  { partition: 0, key: null, value: null },
  { partition: 0, key: '', value: '' },
  { partition: 0, key: 'tombstone', value: null },
  { partition: 1, key: null, value: 'no key' },
  { partition: 1, key: everyByte, value: everyByte, headers: [['bytes', everyByte]] },
  { partition: 1, key: 'nul\0nul', value: 'a\0b\0' },
  { partition: 1, key: 'Zoë 🎈', value: 'ünïcödé', headers: [['nämé', '🎈']] },
  { partition: 2, key: 'big', value: Buffer.alloc(1024 * 1024 - 300, 'x') },
  {
    partition: 2,
    key: 'headers',
    value: 'v',
    headers: [
      ['twice', 'one'],
      ['twice', 'two'],
      ['empty', ''],
      ['null', null],
      ['__proto__', 'x'],
      ['', 'no name'],
    ],
  },
  { partition: null, key: 'by its key', value: 'v', timestamp: 1 },
  { partition: null, key: 'by its key', value: 'v', timestamp: 1_700_000_000_000, headers: [] },
];

describe('the bridge and the client agree', () => {
  for (const codec of ['none', 'gzip', 'snappy', 'lz4', 'zstd']) {
    it(`on odd records that the bridge wrote, compressed by ${codec}`, async () => {
      const topic = await createTopic('agreement', 3, { 'max.message.bytes': '2097152' });
      await using producer = new BridgeProducer(
        bridgeConfig({ 'compression.type': codec, 'message.max.bytes': 2_097_152, partitioner: 'murmur2_random' }),
      );
      const writer = new BatchWriter();
      for (const record of oddRecords) writer.write({ topic: producer.topic(topic), ...record });
      const { refused, offsets, partitions } = await producer.produce(writer, 10_000);
      assert.deepEqual(refused, []);
      const records = await byBridge(topic);
      assert.deepEqual(forClient(records), forClient(await byClient(topic)));
      for (const [i, record] of oddRecords.entries()) {
        const found = records.find(({ partition, offset }) => partition === partitions[i] && offset === offsets[i]);
        assert.equal(found?.key, record.key === null ? null : Buffer.from(record.key).toString('hex'));
        assert.equal(found?.value, record.value === null ? null : Buffer.from(record.value).toString('hex'));
        const headers = (record.headers ?? []).map(([name, value]) => [name, value === null ? null : Buffer.from(value).toString('hex')]);
        assert.deepEqual(found?.headers, headers);
        if (record.timestamp) assert.equal(found?.timestamp, record.timestamp);
      }
    });
  }

  it('on records that the client wrote, and on the partition of a key', async () => {
    const topic = await createTopic('agreement');
    const records = Array.from({ length: 500 }, (_, i) => ({
      topic,
      partition: null,
      key: Buffer.from(`key ${i}`),
      value: i % 7 === 0 ? null : Buffer.from(`value ${i}`),
      headers: [{ n: Buffer.from(String(i)) }],
    }));
    await sendRecords(bridgeConfig(), records);
    const read = await byBridge(topic);
    assert.equal(read.length, 500);
    assert.deepEqual(read, await byClient(topic));

    await using producer = new BridgeProducer(bridgeConfig({ partitioner: 'murmur2_random' }));
    const writer = new BatchWriter();
    for (const { key, value } of records) writer.write({ topic: producer.topic(topic), partition: null, key, value });
    const { partitions } = await producer.produce(writer, 10_000);
    const byKey = new Map(read.map(({ key, partition }) => [key, partition]));
    for (const [i, { key }] of records.entries()) assert.equal(partitions[i], byKey.get(key.toString('hex')));
  });
});
