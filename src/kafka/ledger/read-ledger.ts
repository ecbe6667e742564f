/** Reads the books from the log alone: committed records of both topics and the dead letters, by a reader of its own. */
import type { ClientConfig } from '../connect.ts';
import type { KafkaInspector } from '../inspector.ts';
import { byPartition, type Partition, partitionKey } from '../partition.ts';
import { connectForWatermarks, connectReader, readToEnd } from '../read-to-end.ts';
import { type Bounds, LedgerBooks, ledgerTopicNames, type Totals } from './books.ts';
import type { LedgerTopics } from './entry.ts';
import { type Finding, findingKinds } from './judge.ts';

export type Ledger = Totals & {
  /** Whether there is no finding. */
  balanced: boolean;
  /** The first of them, by partition and offset. */
  first: Finding | null;
  /** The first so many of each kind. */
  findings: Finding[];
  tookMs: number;
};

export type ReadLedgerOptions = {
  inspector: KafkaInspector;
  config: ClientConfig;
  topics: LedgerTopics;
  /** Of inventory-service: what it has committed is handled. */
  group: string;
  /** Where to begin, by `partitionKey`; from the beginning where nothing is said. */
  from?: ReadonlyMap<string, number>;
  /** Told now and then how many of how many offsets are read. */
  onProgress?: (read: number, total: number) => void;
  signal?: AbortSignal;
  /** How many findings of each kind are kept. */
  mostFindings?: number;
};

const progressEvery = 5000;
/** Held ready for a reader that does nothing but read: enough that it never waits for the broker. */
const bulk = { 'queued.max.messages.kbytes': 65_536, 'fetch.message.max.bytes': 1_048_576 };

/**
 * In this order: the commits, then the ends of dead letters and decisions, then the ends of orders. So every order that counts as
 * handled has its decision within what is read, and every decision its order, also while orders come in. Transactions that are open
 * are waited for.
 * @throws ReplaygroundError `kafka-error`, `kafka-deadline`, `kafka-unreachable`, `read-stalled`; the reason of `signal`
 */
export async function readLedger(options: ReadLedgerOptions): Promise<Ledger> {
  const { inspector, config, topics, group, from = new Map(), onProgress, signal, mostFindings = 20 } = options;
  const startMs = Date.now();
  const committed = await inspector.ask('committed', group, false);
  const names = ledgerTopicNames(topics);
  const partitions = (await inspector.ask('partitionsOf', names)).sort((a, b) => names.indexOf(a.topic) - names.indexOf(b.topic));
  const firsts = await inspector.ask('offsets', partitions, 'earliest');
  const starts = firsts.map(({ topic, partition, offset = 0 }) => ({
    topic,
    partition,
    offset: Math.max(offset, from.get(partitionKey({ topic, partition })) ?? 0),
  }));
  const lasts = await inspector.ask('offsets', partitions, 'latest');
  const expected = lasts.reduce((sum, { offset = 0 }, index) => sum + Math.max(0, offset - (starts[index]?.offset ?? 0)), 0);

  using books = new LedgerBooks(topics, expected);
  await using reader = await connectReader({ ...config, ...bulk, 'client.id': 'lab-ledger' });
  await using watermarks = await connectForWatermarks({ ...config, 'client.id': 'lab-ledger-ends' });
  let read = 0;
  const onRecords = (records: readonly Parameters<typeof books.add>[0][]): void => {
    signal?.throwIfAborted();
    for (const record of records) books.add(record);
    if (Math.floor((read + records.length) / progressEvery) > Math.floor(read / progressEvery)) onProgress?.(read, expected);
    read += records.length;
  };
  await readToEnd(reader.client, starts, onRecords, watermarks.client);

  const kept = new Keep(mostFindings);
  const totals = books.close(boundsOf(topics, starts, firsts, committed), (finding) => kept.add(finding));
  const findings = kept.all();
  return { ...totals, balanced: findings.length === 0, first: findings[0] ?? null, findings, tookMs: Date.now() - startMs };
}

type Offsets = readonly (Partition & { offset: number | undefined })[];

function boundsOf(topics: LedgerTopics, starts: Offsets, firsts: Offsets, committed: Offsets): Bounds[] {
  const at = (offsets: Offsets, topic: string, partition: number): number =>
    offsets.find((one) => one.topic === topic && one.partition === partition)?.offset ?? 0;
  return starts
    .filter(({ topic }) => topic === topics.orders)
    .map(({ partition, offset = 0 }) => ({
      partition,
      from: offset,
      committed: at(committed, topics.orders, partition),
      decisionsDeleted:
        at(firsts, topics.inventory, partition) > 0 && at(starts, topics.inventory, partition) === at(firsts, topics.inventory, partition),
    }));
}

/** The first findings of each kind, in the order of the log: ids come in no order. */
class Keep {
  readonly #most: number;
  readonly #byKind = new Map<Finding['kind'], Finding[]>();

  constructor(most: number) {
    this.#most = most;
  }

  add(finding: Finding): void {
    const list = this.#byKind.get(finding.kind) ?? [];
    this.#byKind.set(finding.kind, list);
    list.push(finding);
    if (list.length >= this.#most * 2) list.splice(0, list.length, ...list.sort(byPlace).slice(0, this.#most));
  }

  all(): Finding[] {
    const kinds = Object.keys(findingKinds) as Finding['kind'][];
    return kinds.flatMap((kind) => (this.#byKind.get(kind) ?? []).sort(byPlace).slice(0, this.#most)).sort(byPlace);
  }
}

const byPlace = (a: Finding, b: Finding): number => byPartition(a, b) || a.offset - b.offset;
