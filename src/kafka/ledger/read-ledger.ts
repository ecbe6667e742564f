/** Reads the books from the log alone: committed records of both topics and the dead letters, by a reader of its own. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ReplaygroundError } from '../../errors.ts';
import { deadLetterTopic } from '../../events/topics.ts';
import type { ClientConfig } from '../connect.ts';
import type { KafkaInspector, OffsetAnswer } from '../inspector.ts';
import { byPartition, type Partition, partitionKey } from '../partition.ts';
import type { Range } from '../read-range.ts';
import { type Bounds, LedgerBooks, type Totals } from './books.ts';
import type { LedgerTopics } from './entry.ts';
import { type Finding, findingKinds } from './judge.ts';
import { readShare } from './share.ts';

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

/**
 * In this order: the commits, then the ends of dead letters and decisions, then the ends of orders. So every order that counts as
 * handled has its decision within what is read, and every decision its order, also while orders come in. Transactions that are open
 * are waited for. Orders and all else are read side by side, each by a process of its own.
 * @throws ReplaygroundError `kafka-error`, `kafka-deadline`, `kafka-unreachable`, `read-stalled`, `ledger-reader-died`; the reason of
 *   `signal`
 */
export async function readLedger(options: ReadLedgerOptions): Promise<Ledger> {
  const { inspector, config, topics, group, from = new Map(), onProgress, signal, mostFindings = 20 } = options;
  const startMs = Date.now();
  const committed = await inspector.ask('committed', group, false);
  const partitions = await inspector.ask('partitionsOf', [topics.orders, topics.inventory, deadLetterTopic(topics.orders)]);
  const isOrders = ({ topic }: Partition): boolean => topic === topics.orders;
  const firsts = await inspector.ask('offsets', partitions, 'earliest');
  // The admin client reads uncommitted, so these are high watermarks.
  const ends: Offsets[number][] = [];
  for (const share of [partitions.filter((one) => !isOrders(one)), partitions.filter(isOrders)]) {
    ends.push(...(await inspector.ask('offsets', share, 'latest')).map(known));
  }
  const ranges = firsts.map(({ topic, partition, offset = 0 }) => ({
    topic,
    partition,
    from: Math.max(offset, from.get(partitionKey({ topic, partition })) ?? 0),
    to: offsetIn(ends, topic, partition),
  }));
  const expected = ranges.reduce((sum, range) => sum + Math.max(0, range.to - range.from), 0);

  const folder = mkdtempSync(join(tmpdir(), 'replayground-ledger-'));
  using _removed = { [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
  using books = new LedgerBooks(topics, expected);
  const shares = [ranges.filter(isOrders), ranges.filter((one) => !isOrders(one))];
  const progress = shares.map(() => 0);
  const readOne = async (share: readonly Range[], index: number): Promise<void> => {
    const task = { config, topics, expected, ranges: share, folder: join(folder, String(index)) };
    mkdirSync(task.folder);
    const onRead = (records: number): void => {
      progress[index] = records;
      onProgress?.(
        progress.reduce((sum, one) => sum + one, 0),
        expected,
      );
    };
    books.takeOver(await readShare(task, onRead, signal), task.folder);
  };
  await Promise.all(shares.map(readOne));

  const kept = new Keep(mostFindings);
  const totals = books.close(boundsOf(topics, ranges, firsts, committed), (finding) => kept.add(finding));
  const findings = kept.all();
  return { ...totals, balanced: findings.length === 0, first: findings[0] ?? null, findings, tookMs: Date.now() - startMs };
}

/** What is not known must not be taken for nothing. */
function known({ topic, partition, offset, error }: OffsetAnswer): Partition & { offset: number } {
  if (offset !== undefined) return { topic, partition, offset };
  throw new ReplaygroundError('kafka-error', `could not ask for the end of ${topic}/${partition}: ${error}`, { retriable: true });
}

type Offsets = readonly (Partition & { offset: number | undefined })[];

const offsetIn = (offsets: Offsets, topic: string, partition: number): number =>
  offsets.find((one) => one.topic === topic && one.partition === partition)?.offset ?? 0;

function boundsOf(topics: LedgerTopics, ranges: readonly Range[], firsts: Offsets, committed: Offsets): Bounds[] {
  const decisionsFrom = (partition: number): number =>
    ranges.find((one) => one.topic === topics.inventory && one.partition === partition)?.from ?? 0;
  return ranges
    .filter(({ topic }) => topic === topics.orders)
    .map(({ partition, from }) => {
      const first = offsetIn(firsts, topics.inventory, partition);
      const decisionsDeleted = first > 0 && decisionsFrom(partition) === first;
      return { partition, from, committed: offsetIn(committed, topics.orders, partition), decisionsDeleted };
    });
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
