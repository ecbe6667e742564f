/** A consumer in several kinds; which one, BEHAVIOUR says. It shares nothing with the code under test. */
import { setTimeout as delay } from 'node:timers/promises';
import kafka from '@confluentinc/kafka-javascript';

const { KAFKA_BROKERS, LAB_INSTANCE, BEHAVIOUR, RECORDS, COPIES, LETTERS, GROUP } = process.env;
const inTransactions = BEHAVIOUR !== 'commits-before' && BEHAVIOUR !== 'commits-after';
const common = { 'bootstrap.servers': KAFKA_BROKERS, log_level: 0 };
const call = (start) => new Promise((resolve, reject) => start((error, value) => (error ? reject(error) : resolve(value))));

let wasRebalanced = false;
const consumer = new kafka.KafkaConsumer(
  {
    ...common,
    'group.id': GROUP,
    'enable.auto.commit': false,
    'isolation.level': 'read_committed',
    'session.timeout.ms': 6000,
    rebalance_cb: true,
  },
  { 'auto.offset.reset': 'earliest' },
);
consumer.on('rebalance', () => {
  wasRebalanced = true;
});
const producer = new kafka.Producer({
  ...common,
  'linger.ms': 0,
  'enable.idempotence': true,
  ...(inTransactions && { 'transactional.id': `${GROUP}-${LAB_INSTANCE}`, 'transaction.timeout.ms': 10_000 }),
});
producer.setPollInterval(10);

let stopped = false;
process.on('SIGTERM', () => {
  stopped = true;
});

function copy({ key, value, headers }) {
  const write = (topic, its = key) => producer.produce(topic, null, value, its, Date.now(), undefined, headers);
  let n;
  try {
    n = Number(JSON.parse(value.toString()).n);
  } catch (error) {
    if (BEHAVIOUR === 'stops-at-bad') throw error;
    if (BEHAVIOUR === 'writes-letters') write(LETTERS);
    return;
  }
  write(BEHAVIOUR === 'writes-letters' && n % 10 === 0 ? LETTERS : COPIES);
  if (BEHAVIOUR === 'writes-elsewhere' && n % 40 === 0) write('elsewhere');
  if (BEHAVIOUR === 'writes-twice' && n % 40 === 0) write(COPIES);
  if (BEHAVIOUR === 'invents' && n % 40 === 0) write(COPIES, `new-${key}`);
}

/** The next offset of each partition. */
function positionsAfter(messages) {
  const next = new Map();
  for (const { topic, partition, offset } of messages) next.set(partition, { topic, partition, offset: offset + 1 });
  return [...next.values()];
}

async function take(messages) {
  const positions = positionsAfter(messages);
  const forgets = BEHAVIOUR === 'forgets-batch' && wasRebalanced;
  wasRebalanced = false;
  if (BEHAVIOUR === 'commits-before') consumer.commitSync(positions);
  if (inTransactions) await call((done) => producer.beginTransaction(done));
  // As work that takes its time: before what it writes where that is what a crash is to cost, behind it where it is to be done again.
  if (BEHAVIOUR === 'commits-before') await delay(300);
  if (!forgets) for (const message of messages) copy(message);
  if (BEHAVIOUR !== 'commits-before') await delay(200);
  if (inTransactions) {
    await call((done) => producer.sendOffsetsToTransaction(positions, consumer, 10_000, done));
    await call((done) => producer.commitTransaction(10_000, done));
    return;
  }
  await call((done) => producer.flush(10_000, done));
  if (BEHAVIOUR === 'commits-after') consumer.commitSync(positions);
}

await call((done) => producer.connect({}, done));
if (inTransactions) await call((done) => producer.initTransactions(20_000, done));
await call((done) => consumer.connect({}, done));
consumer.setDefaultConsumeTimeout(200);
consumer.setDefaultIsTimeoutOnlyForFirstMessage(true);
consumer.subscribe([RECORDS]);
console.log('reading');
while (!stopped) {
  const messages = await call((done) => consumer.consume(100, done));
  if (messages.length > 0) await take(messages);
}
await call((done) => consumer.disconnect(done));
process.exit(0);
