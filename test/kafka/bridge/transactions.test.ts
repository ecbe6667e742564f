/** Transactions over the bridge: whole or step by step, committed, aborted, fenced; offsets with metadata; refused records by name. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BatchWriter } from '../../../src/kafka/bridge/batch-writer.ts';
import { BridgeConsumer } from '../../../src/kafka/bridge/bridge-consumer.ts';
import { bridgeError } from '../../../src/kafka/bridge/bridge-error.ts';
import { joinGroup, readerConfig, readKeys, textRecords, transactional } from '../../support/bridge.ts';
import { createTopic, uniqueName } from '../../support/kafka.ts';

const deadlineMs = 60_000;

async function failure(call: Promise<unknown>) {
  const error = await call.then(
    () => assert.fail('it was accepted'),
    (error: Error) => error,
  );
  const native = bridgeError(error);
  assert.ok(native, String(error));
  return { ...native, message: error.message };
}

describe('a transaction', { concurrency: true }, () => {
  it('is one call: records and offsets with metadata are there together', async () => {
    const topic = await createTopic('tx', 1);
    await using producer = await transactional();
    await using consumer = new BridgeConsumer(readerConfig());
    await joinGroup(consumer, topic);
    const metadata = 'store-ä, 7';
    await producer.transact(textRecords(producer, topic, 'a', 500), [{ topic, partition: 0, offset: 123, metadata }], consumer, deadlineMs);
    assert.deepEqual(await consumer.committed([{ topic, partition: 0 }]), [{ topic, partition: 0, offset: 123, metadata }]);
    assert.equal((await readKeys(topic, 1)).length, 500);
    // Its end is behind the control record.
    assert.deepEqual(await consumer.watermarks({ topic, partition: 0 }), { low: 0, high: 501 });
    await producer.transact(new BatchWriter(), [{ topic, partition: 0, offset: 501 }], consumer, deadlineMs);
    assert.deepEqual(await consumer.committed([{ topic, partition: 0 }]), [{ topic, partition: 0, offset: 501 }]);
  });

  it('by its steps: what is aborted is never read, and its offsets are not committed', async () => {
    const topic = await createTopic('tx', 1);
    await using producer = await transactional();
    await using consumer = new BridgeConsumer(readerConfig());
    const at = [{ topic, partition: 0 }];
    await producer.begin();
    await producer.send(textRecords(producer, topic, 'aborted', 100), deadlineMs);
    await producer.sendOffsets([{ topic, partition: 0, offset: 1 }], consumer, deadlineMs);
    await producer.abort(deadlineMs);
    assert.equal((await consumer.committed(at))[0]?.offset, -1001);
    await producer.begin();
    await producer.send(textRecords(producer, topic, 'committed', 100), deadlineMs);
    await producer.sendOffsets([{ topic, partition: 0, offset: 2 }], consumer, deadlineMs);
    await producer.commit(deadlineMs);
    assert.equal((await consumer.committed(at))[0]?.offset, 2);
    assert.ok((await readKeys(topic, 1)).every((key) => key.startsWith('committed')));
    assert.equal((await readKeys(topic, 1, { 'isolation.level': 'read_uncommitted' })).length, 200);
  });

  it('that is open holds up who asks for committed offsets', async () => {
    const topic = await createTopic('tx', 1);
    await using producer = await transactional();
    await using consumer = new BridgeConsumer(readerConfig());
    await producer.begin();
    await producer.sendOffsets([{ topic, partition: 0, offset: 5 }], consumer, deadlineMs);
    let answered = false;
    const committed = consumer.committed([{ topic, partition: 0 }], 10_000).finally(() => {
      answered = true;
    });
    // Beside it, other clients are answered.
    await using other = new BridgeConsumer(readerConfig());
    await other.watermarks({ topic, partition: 0 });
    assert.equal(answered, false);
    await producer.commit(deadlineMs);
    assert.equal((await committed)[0]?.offset, 5);
  });

  it('of a producer whose id another took is refused for good, with the cause', async () => {
    const topic = await createTopic('tx', 1);
    const id = uniqueName('tx');
    await using first = await transactional(id);
    await first.transact(textRecords(first, topic, 'first', 10), [], null, deadlineMs);
    await using second = await transactional(id);
    const fenced = await failure(first.transact(textRecords(first, topic, 'fenced', 10), [], null, deadlineMs));
    assert.equal(fenced.isFatal, true);
    assert.match(fenced.fatalCause?.text ?? '', /fenced|epoch/i);
    assert.match(fenced.message, /^could not .*(fenced|epoch)/i);
    await second.transact(textRecords(second, topic, 'second', 10), [], null, deadlineMs);
    const keys = await readKeys(topic, 1);
    assert.deepEqual(new Set(keys.map((key) => key.split('-')[0])), new Set(['first', 'second']));
    await assert.rejects(first.transact(new BatchWriter(), [], null, deadlineMs), { code: 'kafka-error' });
  });

  it('of a member that was thrown out of its group can only be aborted', async () => {
    const topic = await createTopic('tx', 1);
    const group = uniqueName('group');
    await using consumer = new BridgeConsumer(readerConfig({ 'group.id': group }));
    await joinGroup(consumer, topic);
    await using stranger = new BridgeConsumer(readerConfig({ 'group.id': group, 'group.instance.id': 'x' }));
    await using producer = await transactional();
    // It has no generation of this group, which has members: fenced as somebody who left is (KIP-447).
    const refused = await failure(
      producer.transact(textRecords(producer, topic, 'stale', 10), [{ topic, partition: 0, offset: 9 }], stranger, deadlineMs),
    );
    assert.equal(refused.isTxnRequiresAbort, true);
    assert.equal(refused.step, 'put the offsets into the transaction');
    await producer.abort(deadlineMs);
    await producer.transact(textRecords(producer, topic, 'good', 10), [{ topic, partition: 0, offset: 1 }], consumer, deadlineMs);
    assert.ok((await readKeys(topic, 1)).every((key) => key.startsWith('good')));
  });

  it('names the record that the broker refuses, and can be aborted', async () => {
    const topic = await createTopic('tx', 1, { 'max.message.bytes': '10000' });
    const id = uniqueName('tx');
    await using producer = await transactional(id, { 'batch.num.messages': 1 });
    const writer = textRecords(producer, topic, 'small', 3);
    writer.write({ topic: producer.topic(topic), partition: 0, key: 'large', value: Buffer.alloc(50_000, 'x') });
    const refused = await failure(producer.transact(writer, [], null, deadlineMs));
    assert.equal(refused.isTxnRequiresAbort, true);
    assert.deepEqual(
      refused.refused?.map(({ index, code }) => [index, code]),
      [[3, 10]],
    );
    await producer.abort(deadlineMs);
    // librdkafka has counted the refused record, the broker has not: the next transaction of this producer would fail. A new life begins anew.
    await using next = await transactional(id);
    await next.transact(textRecords(next, topic, 'again', 3), [], null, deadlineMs);
    assert.deepEqual(await readKeys(topic, 1), ['again-0', 'again-1', 'again-2']);
  });

  it('names the refused record, whenever the refusal comes: before, between or after the steps that put the offsets in', async () => {
    const topic = await createTopic('tx', 1, { 'max.message.bytes': '10000' });
    await using consumer = new BridgeConsumer(readerConfig());
    const offsets = [{ topic, partition: 0, offset: 1 }];
    // The larger, the later.
    for (const [round, size] of [30_000, 300_000, 1_000_000, 2_000_000, 4_000_000, 8_000_000].entries()) {
      await using producer = await transactional(undefined, {
        'batch.num.messages': 1,
        'linger.ms': round,
        'message.max.bytes': 10_000_000,
      });
      const writer = textRecords(producer, topic, 'small', 1);
      writer.write({ topic: producer.topic(topic), partition: 0, key: 'large', value: Buffer.alloc(size, 'x') });
      const refused = await failure(producer.transact(writer, offsets, consumer, deadlineMs));
      const what = `round ${round}: ${refused.message}`;
      assert.equal(refused.isTxnRequiresAbort, true, what);
      assert.deepEqual([refused.id, refused.refused?.[0]?.index, refused.refused?.[0]?.code], ['MSG_SIZE_TOO_LARGE', 1, 10], what);
      await producer.abort(deadlineMs);
    }
    assert.deepEqual(await readKeys(topic, 1), []);
    assert.deepEqual(
      (await consumer.committed([{ topic, partition: 0 }])).filter(({ offset }) => offset >= 0),
      [],
    );
  });

  it('names the record that librdkafka itself does not take', async () => {
    const topic = await createTopic('tx', 1);
    await using producer = await transactional(undefined, { 'message.max.bytes': 2000 });
    const writer = textRecords(producer, topic, 'small', 3);
    writer.write({ topic: producer.topic(topic), partition: 0, key: 'large', value: Buffer.alloc(50_000, 'x') });
    const refused = await failure(producer.transact(writer, [], null, deadlineMs));
    assert.deepEqual([refused.isTxnRequiresAbort, refused.id, refused.refused?.[0]?.index], [true, 'MSG_SIZE_TOO_LARGE', 3]);
    await producer.abort(deadlineMs);
  });
});
