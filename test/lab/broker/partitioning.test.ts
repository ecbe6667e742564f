/** A key has one partition, whoever sends it: Kafka's own producer and ours are compared on a real topic. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import kafka from '@confluentinc/kafka-javascript';
import { startBroker } from '../../../src/lab/broker/start.ts';
import { runKafkaTool } from '../../../src/lab/broker/tools.ts';
import { closeProducer } from '../../support/kafka.ts';
import { tempHome } from '../../support/temp-home.ts';

const KEYS = [...Array.from({ length: 24 }, (_, index) => `order-${index}`), 'ключ', '注文-7', 'größe', '🍕', 'a', '0', 'x'.repeat(300)];

test("Kafka's console producer and the client's murmur2_random choose the same partition for every key", async () => {
  await using home = await tempHome();
  await using broker = await startBroker({ home: home.path, port: 0 });
  const created = await runKafkaTool('topics', ['--create', '--topic', 'keys', '--partitions', '7'], broker);
  assert.equal(created.exitCode, 0, created.stderr);

  const keyed = ['--reader-property', 'parse.key=true', '--reader-property', 'key.separator=|'];
  const input = KEYS.map((key) => `${key}|java\n`).join('');
  const produced = await runKafkaTool('console-producer', ['--topic', 'keys', ...keyed], { ...broker, input });
  assert.equal(produced.exitCode, 0, produced.stderr);
  await produceWithClient(broker.brokers);

  const shown = ['key', 'partition'].flatMap((part) => ['--formatter-property', `print.${part}=true`]);
  const consumed = await runKafkaTool(
    'console-consumer',
    ['--topic', 'keys', '--from-beginning', '--max-messages', String(KEYS.length * 2), ...shown],
    broker,
  );
  const java: Record<string, string> = {};
  const client: Record<string, string> = {};
  for (const line of consumed.stdout.split('\n')) {
    const [partition = '', key = '', sender = ''] = line.split('\t');
    (sender === 'java' ? java : client)[key] = partition;
  }
  assert.deepEqual(Object.keys(java).sort(), [...KEYS].sort());
  assert.deepEqual(client, java);
});

async function produceWithClient(brokers: string): Promise<void> {
  const producer = new kafka.Producer({ 'bootstrap.servers': brokers }, { partitioner: 'murmur2_random' });
  await new Promise<void>((done, failed) => producer.connect({}, (error) => (error ? failed(error) : done())));
  for (const key of KEYS) producer.produce('keys', null, Buffer.from('client'), key);
  await new Promise<void>((done, failed) => producer.flush(10_000, (error) => (error ? failed(error) : done())));
  await closeProducer(producer);
}
