import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ask } from '../../../src/kafka/admin/with-deadline.ts';
import { BatchWriter } from '../../../src/kafka/bridge/batch-writer.ts';
import type { BridgeProducer } from '../../../src/kafka/bridge/bridge-producer.ts';
import { reachProducer } from '../../../src/kafka/bridge/reach.ts';
import { clientConfig } from '../../../src/kafka/client/client-config.ts';
import { connectForWatermarks, connectReader, readToEnd } from '../../../src/kafka/reading/read-to-end.ts';
import { createTopic, uniqueName, withAdmin } from '../../support/kafka.ts';
import { orderRecords, produceAll } from '../../support/produce.ts';
import { testSettings } from '../../support/settings.ts';

const deadlineMs = 60_000;
const config = () => clientConfig(testSettings(), uniqueName('read-to-end'));

/** A transaction that has written some records and is left open. */
async function openTransaction(topic: string, records: number): Promise<BridgeProducer> {
  const producer = await reachProducer({ ...config(), 'transactional.id': uniqueName('tx') });
  await producer.initTransactions(deadlineMs);
  await producer.begin();
  const batch = new BatchWriter();
  for (let i = 0; i < records; i++) batch.write({ topic: producer.topic(topic), partition: 0, key: 'k', value: `open ${i}` });
  await producer.send(batch, deadlineMs);
  return producer;
}

describe('reading to the end', () => {
  it('gives what is committed, from the offset on, and says how far it has read', async () => {
    const topic = await createTopic('to-end', 1);
    await produceAll(topic, orderRecords('o', 30));
    await using reader = await connectReader(config());
    const offsets: number[] = [];
    const ends = await readToEnd(reader, [{ topic, partition: 0, offset: 20 }], (records) => {
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
    assert.equal((await reader.watermarks({ topic, partition: 0 })).high, 0);
    assert.equal((await ends.watermarks({ topic, partition: 0 })).high, 4);
    await transaction.abort(deadlineMs);
  });

  for (const [how, expected] of [
    ['commit', 4],
    ['abort', 0],
  ] as const) {
    it(`waits for a transaction that is open at the high watermark: ${how} gives ${expected} records`, async () => {
      const topic = await createTopic('to-end', 1);
      await using transaction = await openTransaction(topic, 4);
      await using reader = await connectReader(config());
      await using ends = await connectForWatermarks(config());
      let over = false;
      const read: string[] = [];
      const reading = readToEnd(
        reader,
        [{ topic, partition: 0, offset: 0 }],
        (records) => {
          for (const { value } of records) read.push(String(value));
        },
        { askEnds: ends },
      ).then((positions) => {
        over = true;
        return positions;
      });
      // Several answers of the reader come in the meantime, all of them empty.
      for (let i = 0; i < 5; i++) await ends.watermarks({ topic, partition: 0 });
      assert.equal(over, false);
      await transaction[how](deadlineMs);
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
    await readToEnd(reader, [{ topic, partition: 0, offset: 0 }], ([record]) => {
      first ??= record?.offset;
    });
    assert.equal(first, 6);
  });
});

describe('a reader', () => {
  it('goes to the first record, not to the end, when its offset is out of range', async () => {
    const topic = await createTopic('out-of-range', 1);
    await produceAll(topic, orderRecords('o', 10));
    await using reader = await connectReader(config());
    await reader.assign([{ topic, partition: 0, offset: 5000 }]);
    let seen = 0;
    const end = Date.now() + deadlineMs;
    while (seen < 10 && Date.now() < end) seen += (await reader.consume({ maxRecords: 10, maxBytes: 1_000_000, withinMs: 200 })).count;
    assert.equal(seen, 10);
  });
});
