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
    rebalance_cb: onRebalance,
  },
  { 'auto.offset.reset': 'earliest' },
);
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

/** What the group wants, in its order: answered between batches, so that nobody else reads a partition whose records are still in hand. */
const rebalances = [];
let isLeaving = false;

function onRebalance({ code }, partitions) {
  // What comes with the end is answered at once: the client waits for it.
  if (isLeaving) consumer.unassign();
  else rebalances.push({ isAssigned: code === kafka.CODES.ERRORS.ERR__ASSIGN_PARTITIONS, partitions });
}

/**
 * Asks itself where the group is. Left to librdkafka (2.15), a partition whose offset is part of an open transaction is read from its
 * beginning where the assignment changes while it asks: rd_kafka_assignment_apply_offsets keeps the broker's -1, which is "nothing committed".
 */
async function answer({ isAssigned, partitions }) {
  wasRebalanced = true;
  if (isAssigned) consumer.assign(await committedOffsets(partitions));
  else consumer.unassign();
}

async function committedOffsets(partitions) {
  for (;;) {
    const committed = await call((done) => consumer.committed(partitions, 20_000, done)).catch(() => []);
    const isTold = committed.length === partitions.length && committed.every(({ error }) => !error);
    if (isTold) return committed.map(({ topic, partition, offset }) => ({ topic, partition, offset: offset >= 0 ? offset : 0 }));
    await delay(100);
  }
}

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
    // Thrown out meanwhile, as after a freeze: others have these records by now.
    if (consumer.assignmentLost()) return call((done) => producer.abortTransaction(10_000, done));
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
  while (rebalances.length > 0) await answer(rebalances.shift());
}
isLeaving = true;
await call((done) => consumer.disconnect(done));
process.exit(0);
