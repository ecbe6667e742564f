/** Reads the books from the log alone: committed records of both topics and the dead letters, by a reader of its own. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deadLetterTopic, labSettingsTopic } from '../../kafka/admin/side-topics.ts';
import type { ClientConfig } from '../../kafka/client/connect.ts';
import { ReplaygroundError } from '../../kafka/errors.ts';
import { type DeletedUnread, merged, offsetsIn } from '../../kafka/groups/deleted-unread.ts';
import type { KafkaInspector, OffsetAnswer } from '../../kafka/groups/inspector.ts';
import { readDeletions } from '../../kafka/notes/deletion-notes.ts';
import { type Partition, partitionKey, type Range } from '../../kafka/partition.ts';
import { connectReader } from '../../kafka/reading/read-to-end.ts';
import { awaitStable, type DescribeOpen } from './await-stable.ts';
import { type Bounds, sumParts, type Totals } from './books.ts';
import type { LedgerTopics } from './entry.ts';
import type { Conflict, Finding } from './judge-order.ts';
import { firstOf } from './keep-first.ts';
import { Share } from './share.ts';

export type Ledger = Totals & {
  /** Whether there is no finding, and nothing was deleted unread. */
  balanced: boolean;
  /** Orders that were deleted from the log before inventory-service had read them: nothing tells whether they were ever decided. */
  deletedUnread: { records: number; stretches: DeletedUnread[] };
  /** The first of them, by partition and offset. */
  first: Finding | null;
  /** The first so many of each kind. */
  findings: Finding[];
  /** The first so many orders that ask for something else than the first of their id. */
  conflicts: Conflict[];
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
  /** Names a transaction that somebody leaves open. */
  describeOpen?: DescribeOpen;
  /** How many findings of each kind are kept, and conflicts. */
  mostFindings?: number;
};

/**
 * In this order: the commits, then the ends of dead letters and decisions, then the ends of orders. So every order that counts as
 * handled has its decision within what is read, and every decision its order, also while orders come in. Transactions that are open are
 * waited for, a stranger's is named. Orders and all else are read side by side, each by a process of its own; then each judges half of the ids.
 * @throws ReplaygroundError `kafka-error`, `kafka-deadline`, `kafka-unreachable`, `open-transaction`, `read-stalled`, `ledger-reader-died`; the reason of
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
  const ends: (Partition & { offset: number })[] = [];
  for (const share of [partitions.filter((one) => !isOrders(one)), partitions.filter(isOrders)]) {
    ends.push(...(await inspector.ask('offsets', share, 'latest')).map(known));
  }
  await awaitStable(inspector, ends, options.describeOpen, signal);
  const ranges = firsts.map(({ topic, partition, offset = 0 }) => ({
    topic,
    partition,
    from: Math.max(offset, from.get(partitionKey({ topic, partition })) ?? 0),
    to: offsetIn(ends, topic, partition),
  }));
  const expected = ranges.reduce((sum, range) => sum + Math.max(0, range.to - range.from), 0);

  const folder = mkdtempSync(join(tmpdir(), 'replayground-ledger-'));
  using _removed = { [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
  const tasks = [ranges.filter(isOrders), ranges.filter((one) => !isOrders(one))];
  const progress = tasks.map(() => 0);
  using shares = new DisposableStack();
  const started = tasks.map((share, index) => {
    const task = { config, topics, expected, ranges: share, folder: join(folder, String(index)) };
    mkdirSync(task.folder);
    const onRead = (records: number): void => {
      progress[index] = records;
      onProgress?.(
        progress.reduce((sum, one) => sum + one, 0),
        expected,
      );
    };
    return shares.use(Share.start(task, onRead, signal));
  });
  const read = await Promise.all(started.map((share) => share.read()));
  const bounds = boundsOf(topics, ranges, firsts, committed);
  const parts = await Promise.all(
    started.map((share, index) =>
      share.judge({ others: read.filter((_, other) => other !== index), bounds, part: { index, of: started.length }, mostFindings }),
    ),
  );
  const totals = sumParts(parts.map((part) => part.totals) as [Totals, ...Totals[]]);
  const findings = firstOfEachKind(
    parts.flatMap((part) => part.findings),
    mostFindings,
  );
  const stretches = await deletedUnread(options, firsts, committed);
  return {
    ...totals,
    balanced: findings.length === 0 && stretches.length === 0,
    deletedUnread: { records: offsetsIn(stretches), stretches },
    first: findings[0] ?? null,
    findings,
    conflicts: firstOf(
      parts.flatMap((part) => part.conflicts),
      mostFindings,
    ),
    tookMs: Date.now() - startMs,
  };
}

/** What the group noted when it read on, and what it will find gone when it does. */
async function deletedUnread(
  { inspector, config, topics, group }: ReadLedgerOptions,
  firsts: Offsets,
  committed: Offsets,
): Promise<DeletedUnread[]> {
  const facts = await inspector.ask('topicFacts', [topics.orders]);
  await using reader = await connectReader({ ...config, 'client.id': 'lab-ledger-notes' });
  // Where no service of ours ever ran there is nothing that was noted.
  const isNoted = (await inspector.ask('partitionsOf', [labSettingsTopic])).length > 0;
  const noted = isNoted ? await readDeletions(reader, group, new Map(facts.map(({ name, id }) => [name, id]))) : [];
  const ahead = committed.flatMap(({ topic, partition, offset: from = 0 }) => {
    const to = topic === topics.orders ? offsetIn(firsts, topic, partition) : 0;
    return from < to ? [{ topic, partition, from, to }] : [];
  });
  return merged([...noted, ...ahead]);
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

const firstOfEachKind = (findings: readonly Finding[], most: number): Finding[] =>
  firstOf([...Map.groupBy(findings, ({ kind }) => kind).values()].flatMap((ofKind) => firstOf(ofKind, most)));
