/** A bug of Kafka as a crash test meets it: three brokers, and a partition that only one of them has. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask } from '../../../src/kafka/admin/with-deadline.ts';
import { BatchWriter } from '../../../src/kafka/bridge/batch-writer.ts';
import { reachProducer } from '../../../src/kafka/bridge/reach.ts';
import { connectAdmin } from '../../../src/kafka/client/connect.ts';
import { KafkaInspector } from '../../../src/kafka/groups/inspector.ts';
import { readLogs } from '../../../src/lab/crash-test/judge/read-logs.ts';
import { skippedMarkers } from '../../../src/lab/crash-test/judge/skipped-markers.ts';
import { startOwnKafka } from '../../../src/lab/crash-test/kafka/own-kafka.ts';
import { leadersOf } from '../../support/kafka.ts';
import { tempHome } from '../../support/temp-home.ts';
import { until } from '../../support/until.ts';
import { copierSystem } from './stage.ts';

test('a transaction that is aborted while its partition has no leader: Kafka skips its marker, and the lab finds it in the logs', async (context) => {
  await using home = await tempHome();
  const say = (line: string): void => context.diagnostic(line);
  await using kafka = await startOwnKafka({ home: home.path, count: 3, system: copierSystem('correct'), say, signal: context.signal });
  const { config } = kafka;
  using admin = connectAdmin(config);
  const lone = 'lone-copies';
  await ask('make a topic', 20_000, (done) =>
    admin.client.createTopic({ topic: lone, num_partitions: 1, replication_factor: 1 }, 15_000, done),
  );
  const named = {
    ...kafka.system,
    topics: { ...kafka.system.topics, [lone]: { partitions: 1 } },
    ledger: [{ from: 'records', to: lone, id: 'key' as const }],
  };
  const leader = async (): Promise<number> => (await leadersOf(lone, kafka.brokers))[0] ?? -1;
  const victim = await until(async () => (await leader()) > 0 && (await leader()), { what: 'a leader' });
  await using producer = await reachProducer({ ...config, 'transactional.id': 'skipped', 'linger.ms': 0 });
  await producer.initTransactions(30_000);
  await producer.begin();
  const batch = new BatchWriter();
  batch.write({ topic: producer.topic(lone), partition: 0, key: 'a', value: 'never committed' });
  await producer.send(batch, 10_000);
  await kafka.kill(victim);
  await until(async () => (await leader()) < 0, { what: 'no leader' });
  await producer.abort(30_000);
  using inspector = new KafkaInspector(config);
  const found = await until(
    async () => {
      const markers = await skippedMarkers(kafka.homes, inspector, named);
      return markers.length > 0 && markers;
    },
    { what: 'a skipped marker' },
  );
  assert.deepEqual(
    found.map(({ times: _, ...one }) => one),
    [{ transactionalId: 'skipped', topic: lone, partition: 0 }],
  );
  assert.deepEqual(
    await skippedMarkers(kafka.homes, inspector, kafka.system),
    [],
    'a topic that the system does not name is none of its verdict',
  );
  await kafka.start(victim);
  const [log] = await readLogs({ ...kafka, inspector, system: named, unreadable: new Set(), goesOn: false, upToOpen: true });
  assert.deepEqual(log?.outputs, [], 'it is read up to the transaction that has no end, and not waited for');
  await ask('delete a topic', 20_000, (done) => admin.client.deleteTopic(lone, 15_000, done));
  await until(async () => (await skippedMarkers(kafka.homes, inspector, named)).length === 0, { what: 'a deleted topic is left out' });
});
