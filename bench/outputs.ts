/** What a contender wrote, reduced to what can be compared: counts, order ids and a digest of all records. */
import { createHash } from 'node:crypto';
import type { Message } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { partitionCount, readCommitted } from './topic-log.ts';

export type Outputs = {
  records: number;
  /** Different order ids; fewer than `records` means that an order was decided twice. */
  orders: number;
  /** How often each action was taken. */
  actions: Record<string, number>;
  /** SHA-256 over the sorted order ids. */
  ordersDigest: string;
  /** SHA-256 over the sorted records (partition, key, headers, value): the same set of records has the same digest, in whatever order. */
  recordsDigest: string;
  /** Per partition, the offsets of the records. */
  offsets: number[][];
};

/** Reads all committed records of an inventory topic. */
export async function readOutputs(brokers: string, topic: string): Promise<Outputs> {
  const offsets: number[][] = Array.from({ length: partitionCount }, () => []);
  const ids = new Set<string>();
  const hashes: string[] = [];
  const actions: Record<string, number> = {};
  await readCommitted(brokers, topic, (record) => {
    offsets[record.partition]?.push(record.offset);
    ids.add(String(record.key));
    hashes.push(recordHash(record));
    const { action } = JSON.parse(String(record.value)) as { action: string };
    actions[action] = (actions[action] ?? 0) + 1;
  });
  return {
    records: hashes.length,
    orders: ids.size,
    actions,
    ordersDigest: digestOfSet([...ids]),
    recordsDigest: digestOfSet(hashes),
    offsets,
  };
}

function recordHash({ partition, key, headers, value }: Message): string {
  const named = headers?.flatMap((header) => Object.entries(header).map(([name, content]) => [name, String(content)]));
  return createHash('sha256')
    .update(JSON.stringify([partition, String(key), named]))
    .update(value ?? '')
    .digest('base64');
}

function digestOfSet(members: string[]): string {
  return createHash('sha256').update(members.sort().join('\n')).digest('hex');
}

/** @returns one line for each thing in which the two differ; none where they wrote the same records */
export function differences(ours: Outputs, peer: Outputs): string[] {
  const compared = (['records', 'orders', 'actions', 'ordersDigest', 'recordsDigest'] as const).map((field) => [
    field,
    JSON.stringify(sorted(ours[field])),
    JSON.stringify(sorted(peer[field])),
  ]);
  return compared.filter(([, a, b]) => a !== b).map(([field, a, b]) => `${field}: ours ${a}, peer ${b}`);
}

const sorted = (value: unknown): unknown =>
  typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value;
