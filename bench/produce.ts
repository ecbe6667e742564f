/** Our burst of orders against Kafka's own ProducerPerformance: as many records with as many bytes, the same promises. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Message } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { javaCall } from '../src/broker/jvm.ts';
import { ReplaygroundError } from '../src/errors.ts';
import { ensureTopics } from '../src/kafka/admin.ts';
import { projectRoot } from '../src/settings/read-settings.ts';
import type { Bench } from './bench.ts';
import { type Command, startContender } from './contender.ts';
import { type Pace, pace, watchEnds } from './progress.ts';
import { compare, interleave, type Row } from './statistics.ts';
import { committedEnds, partitionCount, readCommitted } from './topic-log.ts';

const payloadCount = 10_000;

/** Producer settings of the peer: ours, and batches big enough for them to matter. */
const peerProperties = [
  'acks=all',
  'compression.type=lz4',
  'linger.ms=5',
  'enable.idempotence=true',
  'batch.size=262144',
  'buffer.memory=134217728',
];

/** Each run fills a topic of its own; the payloads of the peer are what our first run wrote. */
export async function benchProduce(bench: Bench): Promise<Row[]> {
  const payloadFile = join(bench.home, 'payloads.txt');
  const paces = await interleave(bench.rounds, async (who, round) => {
    const topic = `bench-produce-${who}-${round}`;
    await ensureTopics(bench.admin, [{ name: topic, partitions: partitionCount, config: {} }]);
    const command = who === 'ours' ? burstCommand(bench, topic) : await performanceCommand(bench, topic, payloadFile);
    const result = await measure(bench, `produce-${who}-${round}`, command, topic);
    if (who === 'ours' && round === 0) await writePayloads(bench.brokers, topic, payloadFile);
    bench.say(`produce, ${who}-${round}: ${Math.round(result.steadyRate)} records/s, ${result.totalSec.toFixed(2)} s in all`);
    return result;
  });
  return compare('produce', paces);
}

async function measure(bench: Bench, name: string, command: Command, topic: string): Promise<Pace> {
  const contender = startContender(name, command, bench.home);
  try {
    const samples = await Promise.race([watchEnds(bench.admin, topic, bench.orders), contender.failed]);
    await contender.done;
    const written = (await committedEnds(bench.admin, topic)).reduce((total, end) => total + end, 0);
    if (written !== bench.orders) throw new ReplaygroundError('bench-wrong-count', `${name} wrote ${written} records, not ${bench.orders}`);
    return pace(contender.startedAtMs, samples);
  } finally {
    await contender.stop();
  }
}

const burstCommand = (bench: Bench, topic: string): Command => ({
  command: process.execPath,
  args: [join(projectRoot, 'src', 'orders', 'main.ts')],
  env: {
    KAFKA_BROKERS: bench.brokers,
    ORDERS_TOPIC: topic,
    MODE: 'burst',
    TOTAL_EVENTS: String(bench.orders),
    PRINT_EVERY: String(bench.orders),
    LAB_HOME: join(bench.home, topic),
  },
});

async function performanceCommand(bench: Bench, topic: string, payloadFile: string): Promise<Command> {
  const args = ['--bootstrap-server', bench.brokers, '--topic', topic, '--num-records', String(bench.orders), '--throughput', '-1'];
  args.push('--payload-file', payloadFile, '--command-property', ...peerProperties);
  return javaCall({ mainClass: 'org.apache.kafka.tools.ProducerPerformance', args }, { flags: ['-Xms512m', '-Xmx512m'], logging: 'tools' });
}

/** The peer knows neither keys nor headers: their bytes go behind the value, so that a record has as many bytes. */
async function writePayloads(brokers: string, topic: string, file: string): Promise<void> {
  const lines: string[] = [];
  await readCommitted(brokers, topic, (record) => {
    if (lines.length < payloadCount) lines.push(payload(record));
  });
  await writeFile(file, lines.join('\n'));
}

const payload = ({ key, value, headers }: Message): string =>
  [value, key, ...(headers ?? []).flatMap((header) => Object.entries(header).flat())].map(String).join('');
