/** Adds up what it reads, from the beginning in each life; tells the sum and what was wished of it. It shares nothing with the code under test. */
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import kafka from '@confluentinc/kafka-javascript';

const { KAFKA_BROKERS, COPIES, WISHES, GROUP, PORT } = process.env;
const common = { 'bootstrap.servers': KAFKA_BROKERS, log_level: 0, 'enable.auto.commit': false, 'isolation.level': 'read_committed' };
const call = (start) => new Promise((resolve, reject) => start((error, value) => (error ? reject(error) : resolve(value))));

const ids = new Set();
let wish = {};
const digest = () =>
  createHash('sha256')
    .update([...ids].sort().join())
    .digest('hex');

async function connect(groupId, topic, onAssign) {
  const consumer = new kafka.KafkaConsumer(
    { ...common, 'group.id': groupId, 'session.timeout.ms': 6000, ...(onAssign && { rebalance_cb: onAssign }) },
    { 'auto.offset.reset': 'earliest' },
  );
  await call((done) => consumer.connect({}, done));
  consumer.setDefaultConsumeTimeout(100);
  if (onAssign) consumer.subscribe([topic]);
  else consumer.assign([{ topic, partition: 0, offset: 0 }]);
  return consumer;
}

function fromTheBeginning({ code }, partitions) {
  if (code === kafka.CODES.ERRORS.ERR__ASSIGN_PARTITIONS) this.assign(partitions.map((one) => ({ ...one, offset: 0 })));
  else this.unassign();
}

const copies = await connect(GROUP, COPIES, fromTheBeginning);
const wishes = await connect(`${GROUP}-wishes`, WISHES);
createServer((request, response) => {
  if (request.url === '/health') return response.end('{}');
  response.end(JSON.stringify({ count: ids.size, digest: digest(), wish }));
}).listen(PORT);
process.on('SIGTERM', () => copies.disconnect(() => process.exit(0)));
for (;;) {
  for (const { key, value } of await call((done) => wishes.consume(10, done)))
    if (String(key) === 'counter') wish = value ? JSON.parse(value) : {};
  const messages = await call((done) => copies.consume(500, done));
  for (const { headers } of messages) ids.add(String(headers.find((one) => one.ce_id).ce_id));
  const next = new Map(messages.map(({ topic, partition, offset }) => [partition, { topic, partition, offset: offset + 1 }]));
  if (next.size > 0) copies.commitSync([...next.values()]);
}
