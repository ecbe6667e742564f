/** A transaction that Kafka forgets to end (KAFKA-20734): its partition has no leader while it is aborted. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { BatchWriter } from '../../../src/kafka/bridge/batch-writer.ts';
import { BridgeConsumer } from '../../../src/kafka/bridge/bridge-consumer.ts';
import { clientConfig } from '../../../src/kafka/client/client-config.ts';
import { TransactionalProducer } from '../../../src/kafka/exactly-once/transactional-producer.ts';
import { connectForWatermarks, connectReader } from '../../../src/kafka/reading/read-to-end.ts';
import { startCluster } from '../../../src/lab/broker/start-cluster.ts';
import { makeTempFolder } from '../../../src/lab/processes/temp-folder.ts';
import { bridgeConfig, joinGroup, transactional } from '../../support/bridge.ts';
import { createTopic, leadersOf, readAll, uniqueName } from '../../support/kafka.ts';
import { testSettings } from '../../support/settings.ts';
import { until } from '../../support/until.ts';

it('a new life ends what Kafka has forgotten of an earlier one: nothing waits for it, and no later commit makes it readable', async (context) => {
  await using folder = makeTempFolder('replayground-forgotten-');
  await using cluster = await startCluster({ home: folder.path, flags: ['-XX:TieredStopAtLevel=1'], signal: context.signal });
  process.env.KAFKA_BROKERS = cluster.brokers;
  const config = clientConfig(testSettings(), 'forgotten');
  const topic = await createTopic('forgotten', 1);
  const [source, transactionalId] = [await createTopic('source', 1), uniqueName('forgotten')];
  await using askStable = await connectReader({ ...config, 'client.id': 'stable' });
  await using askEnds = await connectForWatermarks({ ...config, 'client.id': 'ends' });
  const ends = async () => {
    const place = { topic, partition: 0 };
    return [(await askStable.watermarks(place)).high, (await askEnds.watermarks(place)).high];
  };

  const first = await transactional(transactionalId);
  const batch = new BatchWriter();
  batch.write({ topic: first.topic(topic), partition: 0, key: 'aborted', value: 'x' });
  await first.begin();
  await first.send(batch, 10_000);
  const [leader = 0] = await leadersOf(topic);
  await cluster.kill(leader);
  await until(async () => (await leadersOf(topic))[0] === -1, { what: 'the partition has no leader' });
  await first.abort(30_000);
  await first.close();
  await cluster.start(leader);
  await until(async () => (await leadersOf(topic))[0] === leader, { what: 'it has its leader again' });
  assert.deepEqual(await until(ends, { what: 'it can be asked' }), [0, 1], 'Kafka has not ended the transaction there');

  await using consumer = new BridgeConsumer(bridgeConfig({ 'group.id': uniqueName('forgotten'), 'enable.auto.commit': false }));
  await joinGroup(consumer, source);
  await using second = await TransactionalProducer.open({ config, transactionalId, topics: [topic] });
  const isOver = async () => {
    const [stable, end] = await ends();
    return stable === end;
  };
  await until(isOver, { what: 'the transaction is over' });
  const written = new BatchWriter();
  written.write({ topic: 0, partition: 0, key: 'committed', value: 'x' });
  await second.deliver(consumer, { batch: written, letters: [], positions: [{ topic: source, partition: 0, offset: 1 }] });
  assert.deepEqual(
    (await readAll(topic)).map(({ key }) => String(key)),
    ['committed'],
  );
});
