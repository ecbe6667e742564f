/** Writes an invoice for each order by `eachMessage`, which commits in the background what was done. */
import { Kafka } from 'kafkajs';

const { KAFKA_BROKERS, ORDERS, INVOICES, DEAD_LETTERS, GROUP } = process.env;
const kafka = new Kafka({ clientId: 'invoicer', brokers: KAFKA_BROKERS.split(',') });
// A dead member's partitions go to another after so long (the default is 30 s).
const consumer = kafka.consumer({ groupId: GROUP, sessionTimeout: 6000, heartbeatInterval: 1000 });
const producer = kafka.producer({ allowAutoTopicCreation: false });

function invoice(text) {
  const { orderId, items } = JSON.parse(text);
  const total = items.reduce((sum, { qty, price }) => sum + qty * price, 0);
  return JSON.stringify({ orderId, total });
}

async function eachMessage({ message: { key, value } }) {
  let record = { topic: DEAD_LETTERS, value };
  try {
    record = { topic: INVOICES, value: invoice(value.toString()) };
  } catch (error) {
    console.error('a dead letter:', error.message);
  }
  await producer.send({ topic: record.topic, messages: [{ key, value: record.value }] });
}

for (const signal of ['SIGTERM', 'SIGINT']) {
  process.once(signal, async () => {
    await consumer.disconnect();
    await producer.disconnect();
    process.exit(0);
  });
}
await producer.connect();
await consumer.connect();
await consumer.subscribe({ topics: [ORDERS], fromBeginning: true });
await consumer.run({ eachMessage });
