/** A share group over the bridge: what is accepted, released, rejected or left to its lock comes again, or does not. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { BridgeProducer } from '../../../src/kafka/bridge/bridge-producer.ts';
import { acknowledgement, BridgeShareConsumer, type ShareBatch } from '../../../src/kafka/bridge/bridge-share-consumer.ts';
import type { Notice } from '../../../src/kafka/bridge/load.ts';
import { bridgeConfig, textRecords } from '../../support/bridge.ts';
import { createTopic, headersOf, readAll, uniqueName } from '../../support/kafka.ts';
import { until } from '../../support/until.ts';

const { accept, release, reject } = acknowledgement;
const invalidRecordState = 121;
const producer = new BridgeProducer(bridgeConfig());

const shareGroup = async (configs: Record<string, string> = {}): Promise<string> => {
  const group = uniqueName('share');
  await producer.setGroupConfigs(group, { 'share.auto.offset.reset': 'earliest', ...configs });
  return group;
};
const member = async (group: string, topic: string): Promise<BridgeShareConsumer> => {
  const consumer = new BridgeShareConsumer(bridgeConfig({ 'group.id': group }));
  await consumer.subscribe([topic]);
  return consumer;
};
const nextRecords = (consumer: BridgeShareConsumer): Promise<ShareBatch> =>
  until(
    async () => {
      const batch = await consumer.poll(500);
      return batch.count > 0 && batch;
    },
    { what: 'records of the share group' },
  );
const keysOf = (batch: ShareBatch): string[] => Array.from({ length: batch.count }, (_, i) => String(batch.key(i)));
const all = (batch: ShareBatch, type: number): Uint8Array => new Uint8Array(batch.count).fill(type);

describe('a member of a share group', { concurrency: true }, () => {
  before(() => producer.metadata(null));

  it('has every record once where all are accepted, beside other members on the same partition', async () => {
    const topic = await createTopic('share', 1);
    const group = await shareGroup();
    for (let i = 0; i < 20; i++) await producer.produce(textRecords(producer, topic, `r${i}`, 10), 5000);
    const members = await Promise.all([member(group, topic), member(group, topic), member(group, topic)]);
    const seen: string[] = [];
    const work = async (consumer: BridgeShareConsumer): Promise<void> => {
      while (seen.length < 200) {
        const batch = await consumer.poll(200);
        seen.push(...keysOf(batch));
        for (const { code } of await consumer.acknowledge(all(batch, accept))) assert.equal(code, undefined);
      }
    };
    await Promise.all(members.map(work));
    assert.equal(new Set(seen).size, 200);
    assert.equal(seen.length, 200);
    await Promise.all(members.map((one) => one.close()));
  });

  it('gets what was released again, with a delivery count; what was rejected is in the dead letters with its bytes', async () => {
    const topic = await createTopic('share', 1);
    const letters = await createTopic('dlq.share', 1, { 'errors.deadletterqueue.group.enable': 'true' });
    const group = await shareGroup({ 'errors.deadletterqueue.topic.name': letters, 'errors.deadletterqueue.copy.record.enable': 'true' });
    await producer.produce(textRecords(producer, topic, 'r', 3), 5000);
    await using consumer = await member(group, topic);
    const first = await nextRecords(consumer);
    assert.deepEqual(keysOf(first), ['r-0', 'r-1', 'r-2']);
    assert.equal(first.deliveryCount(1), 1);
    await consumer.acknowledge(Uint8Array.of(accept, release, reject));
    const second = await nextRecords(consumer);
    assert.deepEqual([keysOf(second), second.deliveryCount(0)], [['r-1'], 2]);
    await consumer.acknowledge(Uint8Array.of(accept));
    const letter = await until(async () => (await readAll(letters))[0], { what: 'the dead letter' });
    assert.equal(String(letter.value), 'value of r-2');
    assert.deepEqual(headersOf(letter), {
      '__dlq.errors.topic': topic,
      '__dlq.errors.partition': '0',
      '__dlq.errors.offset': '2',
      '__dlq.errors.group': group,
      '__dlq.errors.delivery.count': '1',
      '__dlq.errors.message': 'Offset rejected by client.',
    });
  });

  it('is told that an acknowledgement came after its lock: somebody else has the record by then', async () => {
    const topic = await createTopic('share', 1);
    const group = await shareGroup({ 'share.record.lock.duration.ms': '15000' });
    await producer.produce(textRecords(producer, topic, 'r', 2), 5000);
    await using slow = await member(group, topic);
    const held = await nextRecords(slow);
    await using other = await member(group, topic);
    const again = await nextRecords(other);
    assert.deepEqual(keysOf(again), keysOf(held));
    assert.equal(again.deliveryCount(0), 2);
    assert.deepEqual(
      (await slow.acknowledge(all(held, accept))).map(({ code }) => code),
      [invalidRecordState],
    );
    assert.deepEqual(
      (await other.acknowledge(all(again, accept))).map(({ code }) => code),
      [undefined],
    );
  });

  it('leaves what it did not acknowledge to others at once when it closes', async () => {
    const topic = await createTopic('share', 1);
    const group = await shareGroup();
    await producer.produce(textRecords(producer, topic, 'r', 4), 5000);
    const first = await member(group, topic);
    const batch = await nextRecords(first);
    await first.acknowledge(Uint8Array.of(accept, accept, 0, 0));
    await first.close();
    await first.close();
    await assert.rejects(first.poll(10), /the client is closed/);
    await using second = await member(group, topic);
    assert.deepEqual(keysOf(await nextRecords(second)), keysOf(batch).slice(2));
  });

  it('refuses to read on while records wait for their acknowledgement, and to acknowledge twice', async () => {
    const topic = await createTopic('share', 1);
    await producer.produce(textRecords(producer, topic, 'r', 2), 5000);
    await using consumer = await member(await shareGroup(), topic);
    await nextRecords(consumer);
    await assert.rejects(consumer.acknowledge(Uint8Array.of(accept)), /for each record of the batch/);
    await consumer.acknowledge(Uint8Array.of(accept, 0));
    await assert.rejects(consumer.poll(100), { code: 'kafka-error' });
    await assert.rejects(consumer.acknowledge(Uint8Array.of(accept, 0)), /acknowledged before/);
    await consumer.acknowledge(Uint8Array.of(0, reject));
    assert.equal((await consumer.poll(100)).count, 0);
  });

  it('refuses in one line what it cannot be configured by, and says that it is a preview', async () => {
    assert.throws(() => new BridgeShareConsumer(bridgeConfig({ 'group.id': 'g', 'enable.partition.eof': true })), {
      code: 'kafka-error',
      message: /enable\.partition\.eof/,
    });
    const notices: Notice[] = [];
    await using consumer = new BridgeShareConsumer(bridgeConfig({ 'group.id': 'g' }), { onNotice: (notice) => notices.push(notice) });
    await until(() => notices.some(({ text }) => /preview/i.test(text)), { what: 'the word of a preview' });
    await consumer.close();
  });

  it('of which a group is configured wrongly hears why', async () => {
    await assert.rejects(producer.setGroupConfigs(uniqueName('share'), { 'share.record.lock.duration.ms': 'long' }), {
      code: 'kafka-error',
      message: /could not configure a group: .*share\.record\.lock\.duration\.ms/,
    });
  });
});
