/** Takes records by HTTP and puts them into a topic, with their id in a header; its port is bound late. */
import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import kafka from '@confluentinc/kafka-javascript';

const producer = new kafka.Producer({ 'bootstrap.servers': process.env.KAFKA_BROKERS, log_level: 0, dr_cb: true, 'linger.ms': 0 });
producer.setPollInterval(10);
let accepted = 0;
producer.on('delivery-report', (error, { opaque }) => {
  if (!error) accepted += 1;
  opaque.writeHead(error ? 503 : 202).end();
});
await new Promise((resolve, reject) => producer.connect({}, (error) => (error ? reject(error) : resolve())));

const server = createServer(async (request, response) => {
  if (request.url === '/health') return response.writeHead(200).end();
  if (request.url === '/stats') return response.end(JSON.stringify({ accepted }));
  let text = '';
  for await (const chunk of request) text += chunk;
  producer.produce(process.env.RECORDS, null, Buffer.from(text), null, Date.now(), response, [{ ce_id: JSON.parse(text).id }]);
});
await delay(1500);
server.listen(process.env.PORT);
process.on('SIGTERM', () => process.exit(0));
