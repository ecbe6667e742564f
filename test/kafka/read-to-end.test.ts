import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Producer } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { ask } from '../../src/kafka/ask.ts';
import { clientConfig } from '../../src/kafka/client-config.ts';
import { type Connected, connectConsumer, connectProducer } from '../../src/kafka/connect.ts';
import { connectForWatermarks, connectReader, readToEnd, watermarks } from '../../src/kafka/read-to-end.ts';
import { createTopic, uniqueName, withAdmin } from '../support/kafka.ts';
import { orderRecords, produceAll } from '../support/produce.ts';
import { testSettings } from '../support/settings.ts';

const deadlineMs = 15_000;
const config = () => clientConfig(testSettings(), uniqueName('read-to-end'));

/** A transaction that has written some records and is left open. */
async function openTransaction(topic: string, records: number): Promise<Connected<Producer>> {
  const connected = await connectProducer({ ...config(), 'transactional.id': uniqueName('tx') });
  const { client } = connected;
  await ask('init', deadlineMs, (callback) => client.initTransactions(deadlineMs, callback));
  await ask('begin', deadlineMs, (callback) => client.beginTransaction(callback));
  for (let i = 0; i < records; i++) client.produce(topic, 0, Buffer.from(`open ${i}`), 'k');
  await ask('flush', deadlineMs, (callback) => client.flush(deadlineMs, callback));
  return connected;
}
const finish = ({ client }: Connected<Producer>, how: 'commitTransaction' | 'abortTransaction') =>
  ask(how, deadlineMs, (callback) => client[how](deadlineMs, callback));

describe('reading to the end', () => {
  it('gives what is committed, from the offset on, and says how far it has read', async () => {
    const topic = await createTopic('to-end', 1);
    await produceAll(topic, orderRecords('o', 30));
    await using reader = await connectReader(config());
    const offsets: number[] = [];
    const ends = await readToEnd(reader.client, [{ topic, partition: 0, offset: 20 }], (records) => {
      for (const { offset } of records) offsets.push(offset);
    });
    assert.deepEqual(offsets, [20, 21, 22, 23, 24, 25, 26, 27, 28, 29]);
    assert.deepEqual([...ends.values()], [30]);
  });

  it('sees the end that its client sees: before an open transaction, or after it', async () => {
    const topic = await createTopic('to-end', 1);
    await using transaction = await openTransaction(topic, 4);
    await using reader = await connectReader(config());
    await using ends = await connectForWatermarks(config());
    assert.equal((await watermarks(reader.client, { topic, partition: 0 })).highOffset, 0);
    assert.equal((await watermarks(ends.client, { topic, partition: 0 })).highOffset, 4);
    await finish(transaction, 'abortTransaction');
  });

  for (const [how, expected] of [
    ['commitTransaction', 4],
    ['abortTransaction', 0],
  ] as const) {
    it(`waits for a transaction that is open at the high watermark: ${how} gives ${expected} records`, async () => {
      const topic = await createTopic('to-end', 1);
      await using transaction = await openTransaction(topic, 4);
      await using reader = await connectReader(config());
      await using ends = await connectForWatermarks(config());
      let over = false;
      const read: string[] = [];
      const reading = readToEnd(
        reader.client,
        [{ topic, partition: 0, offset: 0 }],
        (records) => {
          for (const { value } of records) read.push(String(value));
        },
        ends.client,
      ).then((positions) => {
        over = true;
        return positions;
      });
      // Several answers of the reader come in the meantime, all of them empty.
      for (let i = 0; i < 5; i++) await watermarks(ends.client, { topic, partition: 0 });
      assert.equal(over, false);
      await finish(transaction, how);
      assert.ok([...(await reading).values()].every((position) => position >= 4));
      assert.equal(read.length, expected);
    });
  }

  it('begins at the first record where the offset is gone', async () => {
    const topic = await createTopic('to-end', 1);
    await produceAll(topic, orderRecords('o', 10));
    await withAdmin((admin) =>
      ask('delete records', deadlineMs, (callback) =>
        admin.deleteRecords([{ topic, partition: 0, offset: 6 }], { timeout: deadlineMs }, callback),
      ),
    );
    await using reader = await connectReader(config());
    let first: number | undefined;
    await readToEnd(reader.client, [{ topic, partition: 0, offset: 0 }], ([record]) => {
      first ??= record?.offset;
    });
    assert.equal(first, 6);
  });
});

describe('a consumer', () => {
  it('goes to the first record, not to the end, when its offset is out of range', async () => {
    const topic = await createTopic('out-of-range', 1);
    await produceAll(topic, orderRecords('o', 10));
    await using connected = await connectConsumer({ ...config(), 'group.id': uniqueName('group'), 'auto.offset.reset': 'earliest' });
    connected.client.assign([{ topic, partition: 0, offset: 5000 }]);
    connected.client.setDefaultConsumeTimeout(200);
    let seen = 0;
    const end = Date.now() + deadlineMs;
    while (seen < 10 && Date.now() < end) {
      const records = await ask<unknown[]>('consume', deadlineMs, (callback) => connected.client.consume(10, callback));
      seen += records.length;
    }
    assert.equal(seen, 10);
  });
});
