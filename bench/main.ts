/** Runs the benchmarks on one embedded broker and prints ours, the peer and the ratio. */
import { rmSync } from 'node:fs';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { type Broker, startBroker } from '../src/broker/start.ts';
import { ReplaygroundError } from '../src/errors.ts';
import { connectAdmin } from '../src/kafka/connect.ts';
import { projectRoot } from '../src/settings/read-settings.ts';
import { describeEnvironment, loadNow } from './environment.ts';
import { benchExactlyOnce } from './exactly-once.ts';
import { buildPeer } from './kafka-streams-peer.ts';
import { type Options, readOptions } from './options.ts';
import { benchProduce } from './produce.ts';
import { type Report, renderReport } from './table.ts';

const say = (line: string): void => console.error(line);

/** The broker has a process group of its own: nobody but us ends it on Ctrl-C, also while it starts. */
async function startInterruptibleBroker(home: string): Promise<Broker> {
  const interrupted = new AbortController();
  const starting = startBroker({ home, port: 0, onProgress: say, signal: interrupted.signal });
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    process.once(signal, () => {
      interrupted.abort();
      void starting.then((broker) => broker.stop()).finally(() => process.exit(code));
    });
  }
  return starting;
}

async function runAll({ orders, rounds, peerThreads, only }: Options, home: string): Promise<Report> {
  const load = loadNow();
  await buildPeer();
  await using broker = await startInterruptibleBroker(join(home, 'broker'));
  using connected = connectAdmin({ 'bootstrap.servers': broker.brokers, 'client.id': 'bench-admin' });
  const bench = { brokers: broker.brokers, admin: connected.client, home, orders, rounds, peerThreads, say };
  const startedAt = new Date().toISOString();
  const produced = only === 'exactly-once' ? [] : await benchProduce(bench);
  const decided = only === 'produce' ? undefined : await benchExactlyOnce(bench);
  const rows = [...produced, ...(decided?.rows ?? [])];
  const environment = await describeEnvironment();
  return { startedAt, orders, rounds, peerThreads, environment, load, rows, ...(decided && { outputs: decided.outputs }) };
}

const options = readOptions(process.argv);
await mkdir(join(projectRoot, '.lab'), { recursive: true });
const home = await mkdtemp(join(projectRoot, '.lab', 'bench-'));
// On exit, so that Ctrl-C leaves nothing behind either; contenders that still run are killed before.
process.once('exit', () =>
  options.keep ? say(`kept: ${home}`) : rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }),
);
try {
  const report = await runAll(options, home);
  process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : renderReport(report));
  process.exitCode = report.outputs?.equal === false ? 1 : 0;
} catch (error) {
  say(error instanceof ReplaygroundError ? error.message : String(error));
  process.exitCode = 1;
}
