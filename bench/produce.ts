/** Our burst of orders against Kafka's own ProducerPerformance and against Python: as many records with as many bytes, the same promises. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Message } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { ensureTopics } from '../src/kafka/admin/admin.ts';
import { ReplaygroundError } from '../src/kafka/errors.ts';
import { javaCall } from '../src/lab/broker/java-call.ts';
import { menu } from '../src/pipeline/orders/menu.ts';
import type { Bench } from './bench.ts';
import { type Command, startContender } from './contender.ts';
import { paceMeasures } from './measures.ts';
import { ourCommand } from './our-commands.ts';
import { allReadable, payload, readWritten, sameSize, type Written } from './produce-checks.ts';
import { countRecords, type Pace, pace, recordsBelow, watch } from './progress.ts';
import { findPython, produceCommand } from './python-peer.ts';
import type { Findings } from './result.ts';
import { interleave } from './statistics.ts';
import { committedEnds, partitionCount, readCommitted } from './topic-log.ts';

const payloadCount = 10_000;

/** Producer settings of the Java peer: ours, and batches big enough for them to matter. */
const peerProperties = [
  'acks=all',
  'compression.type=lz4',
  'linger.ms=5',
  'enable.idempotence=true',
  'batch.size=262144',
  'buffer.memory=134217728',
];

type Who = 'ours' | 'ProducerPerformance' | 'confluent-kafka (Python)';

/** Each run fills a topic of its own; what ProducerPerformance sends is what a first run of ours wrote. */
export async function benchProduce(bench: Bench): Promise<Findings> {
  const files = { payloads: join(bench.home, 'payloads.txt'), menu: join(bench.home, 'menu.json') };
  await writeSamples(bench, files);
  const python = await findPython(bench.say);
  const names: Who[] = ['ours', 'ProducerPerformance', ...(python.ok ? (['confluent-kafka (Python)'] as const) : [])];
  const written: Written[] = [];
  const runs = await interleave(names, bench, async (who, round) => {
    const topic = `bench-produce-${names.indexOf(who)}-${round}`;
    await ensureTopics(bench.admin, [{ name: topic, partitions: partitionCount, config: {} }]);
    const command =
      who === 'ours'
        ? burstCommand(bench, topic, bench.sizes.orders)
        : who === 'ProducerPerformance'
          ? await performanceCommand(bench, topic, files.payloads)
          : produceCommand(python.ok ? python.file : '', { ...bench, topic, orders: bench.sizes.orders, menuFile: files.menu });
    const name = `produce-${names.indexOf(who)}-${round}`;
    const result = await measureRun(bench, name, command, topic);
    if (round === 1) written.push({ name: who, ...(await readWritten(bench.brokers, topic)) });
    bench.say(`produce, ${who}, round ${round}: ${Math.round(result.steadyRate)} records/s, ${result.totalSec.toFixed(2)} s in all`);
    return result;
  });
  const ours = { name: undefined, paces: runs.ours };
  const java = { name: 'ProducerPerformance', paces: runs.ProducerPerformance };
  const python3 = { name: 'confluent-kafka (Python)', paces: runs['confluent-kafka (Python)'] };
  return {
    settings: { orders: bench.sizes.orders, partitions: partitionCount, acks: 'all', compression: 'lz4', 'linger.ms': 5 },
    measures: [
      ...paceMeasures('against ProducerPerformance', ours, java, { of: 'ratio', atLeast: 0.8 }),
      ...(python.ok ? paceMeasures('against Python', ours, python3, { of: 'ratio', atLeast: 1.5 }) : []),
    ],
    checks: [sameSize(written), allReadable(written.filter(({ name }) => name !== 'ProducerPerformance'))],
    missing: python.ok ? [] : [python.why],
  };
}

async function measureRun(bench: Bench, name: string, command: Command, topic: string): Promise<Pace> {
  const contender = startContender(name, command, bench.home);
  try {
    const samples = await Promise.race([watch(topic, () => committedEnds(bench.admin, topic), bench.sizes.orders), contender.failed]);
    await contender.done;
    const written = recordsBelow(await committedEnds(bench.admin, topic), new Map());
    if (written !== bench.sizes.orders) {
      throw new ReplaygroundError('bench-wrong-count', `${name} wrote ${written} records, not ${bench.sizes.orders}`);
    }
    return pace(contender.startedAtMs, countRecords(samples));
  } finally {
    await contender.stop();
  }
}

/** @param topic that exists; @returns the command that fills it by our burst */
export function burstCommand(bench: Bench, topic: string, orders: number): Command {
  return ourCommand('order-service', {
    KAFKA_BROKERS: bench.brokers,
    ORDERS_TOPIC: topic,
    MODE: 'burst',
    TOTAL_EVENTS: orders,
    PRINT_EVERY: orders,
    LAB_HOME: join(bench.home, topic),
  });
}

async function performanceCommand(bench: Bench, topic: string, payloadFile: string): Promise<Command> {
  const args = ['--bootstrap-server', bench.brokers, '--topic', topic, '--num-records', String(bench.sizes.orders), '--throughput', '-1'];
  args.push('--payload-file', payloadFile, '--command-property', ...peerProperties);
  return javaCall({ mainClass: 'org.apache.kafka.tools.ProducerPerformance', args }, { flags: ['-Xms512m', '-Xmx512m'], logging: 'tools' });
}

/** ProducerPerformance knows neither keys nor headers: their bytes go behind the value, so that a record has as many bytes. */
async function writeSamples(bench: Bench, files: { payloads: string; menu: string }): Promise<void> {
  const topic = 'bench-produce-samples';
  await ensureTopics(bench.admin, [{ name: topic, partitions: partitionCount, config: {} }]);
  const contender = startContender(topic, burstCommand(bench, topic, payloadCount), bench.home);
  await contender.done.finally(() => contender.stop());
  const records: Message[] = [];
  await readCommitted(bench.brokers, topic, (record) => records.push(record));
  await writeFile(files.payloads, records.map(payload).join('\n'));
  await writeFile(files.menu, JSON.stringify(menu));
}
