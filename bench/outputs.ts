/** What a contender wrote, reduced to what can be compared: counts, order ids and a digest of all records. */
import { createHash } from 'node:crypto';
import type { Message } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { partitionKey } from '../src/kafka/partition.ts';
import type { RecordOffsets } from './progress.ts';
import type { Check } from './result.ts';
import { partitionCount, readCommitted } from './topic-log.ts';

export type Outputs = {
  records: number;
  /** Different order ids; fewer than `records` means that an order was decided twice. */
  orders: number;
  /** How often each action was taken. */
  actions: Record<string, number>;
  /** SHA-256 over the sorted records (partition, key, headers, value): the same set of records has the same digest, in whatever order. */
  digest: string;
  offsets: RecordOffsets;
};

/** Reads all committed records of an inventory topic. */
export async function readOutputs(brokers: string, topic: string, partitions = partitionCount): Promise<Outputs> {
  const offsets = new Map<string, number[]>();
  const ids = new Set<string>();
  const hashes: string[] = [];
  const actions: Record<string, number> = {};
  await readCommitted(
    brokers,
    topic,
    (record) => {
      const key = partitionKey(record);
      const known = offsets.get(key);
      if (known) known.push(record.offset);
      else offsets.set(key, [record.offset]);
      ids.add(String(record.key));
      hashes.push(recordHash(record));
      const action = /"action":"(\w+)"/.exec(String(record.value))?.[1] ?? 'unknown';
      actions[action] = (actions[action] ?? 0) + 1;
    },
    partitions,
  );
  const digest = createHash('sha256').update(hashes.sort().join('\n')).digest('hex');
  return { records: hashes.length, orders: ids.size, actions: sorted(actions), digest, offsets };
}

function recordHash({ partition, key, headers, value }: Message): string {
  const named = headers?.flatMap((header) => Object.entries(header).map(([name, content]) => [name, String(content)]));
  return createHash('sha256')
    .update(JSON.stringify([partition, String(key), named]))
    .update(value ?? '')
    .digest('base64');
}

/**
 * @param runs what each run wrote, by its name; at least one
 * @returns whether all wrote the same, and once
 */
export function equalOutputs(runs: readonly { name: string; outputs: Outputs }[]): Check {
  const [first] = runs;
  const shown = ({ records, orders, actions, digest }: Outputs): string =>
    `${records} records for ${orders} orders, ${JSON.stringify(actions)}, digest ${digest.slice(0, 16)}`;
  const wrong = runs.filter(({ outputs }) => shown(outputs) !== shown(first?.outputs ?? outputs) || outputs.records !== outputs.orders);
  return {
    claim: `all ${runs.length} runs wrote the same records, one per order: partition, key, headers, value`,
    held: wrong.length === 0,
    detail: [first, ...wrong.slice(0, 3)].flatMap((run) => (run ? [`${run.name}: ${shown(run.outputs)}`] : [])).join('; '),
  };
}

const sorted = (counts: Record<string, number>): Record<string, number> =>
  Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)));
