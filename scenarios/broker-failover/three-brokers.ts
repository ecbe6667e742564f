/** Three brokers by hand: started in the given folder, killed and started again by lines on stdin (`kill 2`, `start 2`), ended by Ctrl-C. */
import { createInterface } from 'node:readline';
import { startCluster } from '../../src/lab/broker/start-cluster.ts';

const [home = 'three-brokers'] = process.argv.slice(2);
const stop = new AbortController();
process.once('SIGINT', () => stop.abort());
process.once('SIGTERM', () => stop.abort());

await using cluster = await startCluster({ home, onProgress: console.error, signal: stop.signal });
console.log(`KAFKA_BROKERS=${cluster.brokers}`);
const lines = createInterface({ input: process.stdin });
stop.signal.addEventListener('abort', () => lines.close(), { once: true });
for await (const line of lines) {
  const [verb, id] = line.trim().split(/\s+/);
  if (verb === 'kill') await cluster.kill(Number(id));
  else if (verb === 'start') await cluster.start(Number(id)).catch((error: Error) => console.error(error.message));
  console.log(cluster.ids.map((one) => `broker ${one}: ${cluster.pidOf(one) ?? 'down'}`).join(', '));
}
