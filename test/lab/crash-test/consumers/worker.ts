/** A worker of a share group in two kinds: BEHAVIOUR=accepts-before says that a record is done before it is. */
import { setTimeout as delay } from 'node:timers/promises';
import { BatchWriter } from '../../../../src/kafka/bridge/batch-writer.ts';
import { BridgeProducer } from '../../../../src/kafka/bridge/bridge-producer.ts';
import { acknowledgement, BridgeShareConsumer } from '../../../../src/kafka/bridge/bridge-share-consumer.ts';

const { KAFKA_BROKERS = '', BEHAVIOUR, RECORDS = '', COPIES = '', GROUP = '' } = process.env;
const config = { 'bootstrap.servers': KAFKA_BROKERS, log_level: 0 };
const withinMs = 10_000;
/** So that nearly all the time it has records in hand. */
const workMs = 500;

let stopped = false;
process.on('SIGTERM', () => {
  stopped = true;
});

const producer = new BridgeProducer({ ...config, 'linger.ms': 0 });
await producer.setGroupConfigs(GROUP, { 'share.auto.offset.reset': 'earliest', 'share.record.lock.duration.ms': '15000' });
const consumer = new BridgeShareConsumer({ ...config, 'group.id': GROUP });
await consumer.subscribe([RECORDS]);
const copies = producer.topic(COPIES);
while (!stopped) {
  const records = await consumer.poll(200);
  if (records.count > 0) {
    const out = new BatchWriter();
    const types = new Uint8Array(records.count);
    for (let i = 0; i < records.count; i += 1) {
      const isRecord = String(records.value(i)).startsWith('{');
      types[i] = isRecord ? acknowledgement.accept : acknowledgement.reject;
      if (isRecord) out.write({ topic: copies, partition: null, key: String(records.key(i)), value: String(records.value(i)) });
    }
    if (BEHAVIOUR === 'accepts-before') await consumer.acknowledge(types);
    // As work that takes its time: before what it writes where that is what a crash is to cost, behind it where it is to be done again.
    if (BEHAVIOUR === 'accepts-before') await delay(workMs);
    if (out.count > 0) await producer.produce(out, withinMs, withinMs);
    if (BEHAVIOUR !== 'accepts-before') await delay(workMs);
    if (BEHAVIOUR !== 'accepts-before') await consumer.acknowledge(types);
  }
  records.release();
}
await consumer.close();
process.exit(0);
