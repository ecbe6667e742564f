/** Sends what comes on stdin as one record, byte for byte: what Kafka's console producer cannot, since it takes text. */
import { buffer } from 'node:stream/consumers';
import { sendRecords } from '../../src/kafka/producer/send-records.ts';
import { openKafka } from '../../src/order-lab/client/kafka-clients.ts';

const [topic, key] = process.argv.slice(2);
if (topic === undefined || key === undefined) throw new Error("usage: printf '\\377' | ./lab node send-bytes.ts <topic> <key>");
using kafka = await openKafka();
const [error] = await sendRecords(kafka.config, [{ topic, partition: null, key: Buffer.from(key), value: await buffer(process.stdin) }]);
if (error) throw error;
console.log(`sent to ${topic}`);
