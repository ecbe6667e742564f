import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { clientConfig } from '../../../src/kafka/client/client-config.ts';
import { BatchConsumer } from '../../../src/kafka/consumer/batch-consumer.ts';
import { committedOffsets } from '../../../src/kafka/consumer/committed-offsets.ts';
import { type GroupProtocol, groupProtocols } from '../../../src/kafka/consumer/group-protocol.ts';
import { type PartitionOffset, partitionKey } from '../../../src/kafka/partition.ts';
import { createTopic, uniqueName } from '../../support/kafka.ts';
import { orderRecords, produceAll } from '../../support/produce.ts';
import { testSettings } from '../../support/settings.ts';

const limits = { maxRecords: 100, maxBytes: 1_000_000, withinMs: 100 };
const config = (group: string) => ({ ...clientConfig(testSettings(), 'batch-consumer-test'), 'group.id': group });

type Join = (group: string, topic: string, log?: string[], silenceMs?: number) => Promise<BatchConsumer>;

/** Joins a group that starts at the beginning; `log` tells what happened in which order. */
const joining =
  (protocol: GroupProtocol): Join =>
  (group, topic, log = [], silenceMs) =>
    BatchConsumer.join(
      config(group),
      [topic],
      {
        onAssigned: async (partitions) => {
          log.push(`assigned ${partitions.length}`);
          return partitions.map(({ topic, partition }) => ({ topic, partition, offset: -2 }));
        },
        onRevoked: async () => void log.push('revoked'),
      },
      silenceMs === undefined ? { protocol } : { protocol, silenceMs },
    );

/** One batch with the places of its records. */
async function next(consumer: BatchConsumer): Promise<{ records: PartitionOffset[]; positions: PartitionOffset[] }> {
  const batch = await consumer.next(limits, new AbortController().signal);
  if (!batch) return { records: [], positions: [] };
  const { records, positions } = batch;
  const places = Array.from({ length: records.count }, (_, i) => ({
    topic: records.topic(i),
    partition: records.partition(i),
    offset: records.offset(i),
  }));
  records.release();
  return { records: places, positions };
}

/** Reads until so many records came; gives their batches. */
async function read(consumer: BatchConsumer, count: number): Promise<string[]> {
  const seen: string[] = [];
  const end = Date.now() + 20_000;
  while (seen.length < count && Date.now() < end) {
    for (const record of (await next(consumer)).records) seen.push(`${partitionKey(record)}@${record.offset}`);
  }
  return seen;
}

for (const protocol of groupProtocols) {
  describe(`a batch consumer, by the protocol ${protocol}`, () => {
    const join = joining(protocol);
    it('gives every record once, in the order of its partition, with how far it has read', async () => {
      const topic = await createTopic('batches');
      await produceAll(topic, orderRecords('o', 250));
      await using consumer = await join(uniqueName('group'), topic);
      const positions = new Map<string, number>();
      let records = 0;
      const end = Date.now() + 20_000;
      while (records < 250 && Date.now() < end) {
        const batch = await next(consumer);
        assert.ok(batch.records.length <= limits.maxRecords);
        for (const record of batch.records) {
          assert.equal(record.offset, positions.get(partitionKey(record)) ?? 0);
          positions.set(partitionKey(record), record.offset + 1);
        }
        for (const position of batch.positions) assert.equal(position.offset, positions.get(partitionKey(position)) ?? 0);
        records += batch.records.length;
      }
      assert.equal(records, 250);
    });

    it('hands partitions over between batches: revoked first, then the other member gets them', async () => {
      const topic = await createTopic('batches');
      const group = uniqueName('group');
      const log: string[] = [];
      await using first = await join(group, topic, log);
      await read(first, 0);
      while (first.assigned.length < 3) await next(first);
      await using second = await join(group, topic);
      const end = Date.now() + 20_000;
      while (second.assigned.length === 0 && Date.now() < end) await Promise.all([next(first), next(second)]);
      while (first.assigned.length === 3 && Date.now() < end) await Promise.all([next(first), next(second)]);
      assert.equal(first.assigned.length + second.assigned.length, 3);
      assert.equal(log[0], 'assigned 3');
      assert.equal(log[1], 'revoked');
      // What it keeps is given to it anew in the classic protocol alone.
      if (protocol === 'classic') assert.match(log[2] ?? '', /^assigned [12]$/);
      else assert.equal(log.length, 2);
    });

    it('gives nothing while it is paused, and all of it afterwards', async () => {
      const topic = await createTopic('batches');
      await using consumer = await join(uniqueName('group'), topic);
      while (consumer.assigned.length === 0) await next(consumer);
      await consumer.setPaused(true);
      await produceAll(topic, orderRecords('o', 10));
      for (let i = 0; i < 5; i++) assert.deepEqual((await next(consumer)).records, []);
      await consumer.setPaused(false);
      assert.equal((await read(consumer, 10)).length, 10);
    });

    it('reads on from where it is told to', async () => {
      const topic = await createTopic('batches', 1);
      await produceAll(topic, orderRecords('o', 20));
      await using consumer = await join(uniqueName('group'), topic);
      await read(consumer, 20);
      await consumer.restartAt([{ topic, partition: 0, offset: 15 }]);
      assert.deepEqual(
        await read(consumer, 5),
        [15, 16, 17, 18, 19].map((offset) => `${topic}/0@${offset}`),
      );
    });

    it('notices that the client gives nothing although there is something', async () => {
      const topic = await createTopic('batches', 1);
      await using consumer = await join(uniqueName('group'), topic, [], 300);
      while (consumer.assigned.length === 0) await next(consumer);
      // Behind its back, as a stuck client would: it stays in the group and fetches nothing.
      await consumer.client.pause([{ topic, partition: 0 }]);
      await produceAll(topic, orderRecords('o', 3));
      await assert.rejects(async () => {
        for (let i = 0; i < 100; i++) await next(consumer);
      }, /has records up to 3, but the client gives none/);
    });

    it('does not take an idle topic for a stall', async () => {
      const topic = await createTopic('batches', 1);
      await produceAll(topic, orderRecords('o', 3));
      await using consumer = await join(uniqueName('group'), topic, [], 100);
      await read(consumer, 3);
      for (let i = 0; i < 12; i++) assert.deepEqual((await next(consumer)).records, []);
    });

    it('tells "nothing committed" from an offset', async () => {
      const topic = await createTopic('batches', 2);
      const group = uniqueName('group');
      await using consumer = await join(group, topic);
      while (consumer.assigned.length === 0) await next(consumer);
      await consumer.client.commit([{ topic, partition: 0, offset: 7, metadata: 'mine' }]);
      const [first, second] = await committedOffsets(
        consumer.client,
        [
          { topic, partition: 0 },
          { topic, partition: 1 },
        ],
        10_000,
      );
      assert.deepEqual([first?.offset, first?.metadata], [7, 'mine']);
      assert.deepEqual([second?.offset, second?.metadata], [undefined, undefined]);
    });
  });
}
