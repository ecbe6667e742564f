import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BatchWriter } from '../../../src/kafka/bridge/batch-writer.ts';
import { BridgeConsumer } from '../../../src/kafka/bridge/bridge-consumer.ts';
import { clientConfig } from '../../../src/kafka/client/client-config.ts';
import { committedOffsets } from '../../../src/kafka/consumer/committed-offsets.ts';
import { runExactlyOnce } from '../../../src/kafka/exactly-once/exactly-once.ts';
import { TransactionalProducer } from '../../../src/kafka/exactly-once/transactional-producer.ts';
import { KafkaInspector } from '../../../src/kafka/groups/inspector.ts';
import { bridgeConfig, joinGroup } from '../../support/bridge.ts';
import { createTopic, readAll, uniqueName } from '../../support/kafka.ts';
import { orderRecords, produceAll } from '../../support/produce.ts';
import { testSettings } from '../../support/settings.ts';
import { until } from '../../support/until.ts';
import { copyingHandler } from '../fixtures/copying-handler.ts';

type Options = Parameters<typeof runExactlyOnce>[0];

/** A processor that writes each record on as it is. */
async function newCopier() {
  const [topic, to] = [await createTopic('copier-in', 1), await createTopic('copier-out', 1)];
  const groupId = uniqueName('copier');
  const stop = new AbortController();
  const options: Options = {
    config: clientConfig(testSettings(), 'copier'),
    ...{ groupId, topic, transactionalId: `${groupId}-1` },
    outputs: [to],
    handler: copyingHandler,
    control: () => ({ throttleMs: 0, paused: false, delivery: 'exactly-once' }),
    passing: () => undefined,
    signal: stop.signal,
    onStep: () => {},
  };
  return { options, stop, to };
}

describe('a stop', () => {
  it('waits for no partitions that are being taken over', async () => {
    const { options, stop } = await newCopier();
    const restoring = Promise.withResolvers<void>();
    const handler: Options['handler'] = {
      ...options.handler,
      restore: () => {
        restoring.resolve();
        return new Promise(() => {});
      },
    };
    const run = runExactlyOnce({ ...options, handler });
    await restoring.promise;
    stop.abort();
    await run;
  });

  it('is a clean one too where the group has moved on and refuses the last batch: others will decide on it', async () => {
    const { options, stop, to } = await newCopier();
    await produceAll(options.topic, orderRecords('o', 9));
    using inspector = new KafkaInspector(options.config);
    // So long a member may be silent, as this one is until it has lost its place.
    const config = { ...options.config, 'session.timeout.ms': 6000, 'max.poll.interval.ms': 6000 };
    const passing: Options['passing'] = () => async (point) => {
      if (point !== 'after-produce') return;
      // The next batch waits for this one: from then on the member asks for nothing.
      await produceAll(options.topic, orderRecords('later', 1));
      const isOut = async () => (await inspector.ask('describeGroup', options.groupId)).members.length === 0;
      await until(isOut, { what: 'the group throws the silent member out' });
      stop.abort();
    };
    await runExactlyOnce({ ...options, config, passing });
    assert.deepEqual(await readAll(to), []);
    // The next life decides on both batches, once.
    const next = new AbortController();
    const again = runExactlyOnce({ ...options, signal: next.signal });
    await until(async () => (await readAll(to)).length === 10, { what: 'the batch is decided' });
    next.abort();
    await again;
    assert.equal((await readAll(to)).length, 10);
  });
});

it('a batch that cannot be written ends the loop also where nothing more comes in', async () => {
  const { options } = await newCopier();
  const outputs = [await createTopic('narrow', 1, { 'max.message.bytes': '100' })];
  await produceAll(options.topic, orderRecords('o', 3));
  // Nor is the end of the partition told, which may come with the last records anyway.
  const config = { ...options.config, 'enable.partition.eof': false };
  await assert.rejects(runExactlyOnce({ ...options, config, outputs }), { code: 'refused' });
});

it('offsets that a transaction has left in the group are freed, and what is committed stays', async () => {
  const topic = await createTopic('freed', 1);
  const config = clientConfig(testSettings(), 'freed');
  await using consumer = new BridgeConsumer(bridgeConfig({ 'group.id': uniqueName('freed'), 'enable.auto.commit': false }));
  await joinGroup(consumer, topic);
  await using producer = await TransactionalProducer.open({ config, transactionalId: uniqueName('freed'), topics: [topic] });
  const partitions = [{ topic, partition: 0 }];
  const commit = (offset: number): Promise<void> =>
    producer.deliver(consumer, { batch: new BatchWriter(), letters: [], positions: [{ topic, partition: 0, offset }] });
  const committed = async (): Promise<unknown> => (await committedOffsets(consumer, partitions, 10_000)).map(({ offset }) => offset);
  await commit(7);
  await producer.freeOffsets(consumer, partitions);
  assert.deepEqual(await committed(), [7]);
  await commit(9);
  assert.deepEqual(await committed(), [9]);
});
