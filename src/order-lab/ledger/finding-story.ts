/** A finding of the ledger by Jepsen's name, with the least history that shows it: the records, what happened near them, which process. Pure. */
import { type PartitionOffset, partitionKey } from '../../kafka/partition.ts';
import { type Anomaly, nearMs, nearText } from '../../lab/ledger/jepsen-words.ts';
import { type Finding, findingKinds, type HistoryRecord } from './judge-order.ts';

/** What is at a place. `atMs`: its timestamp (ms since 1970). `isCommitted`: false for a record of a transaction that was aborted. */
export type Seen = PartitionOffset & { atMs: number; isCommitted: boolean };

/** @returns the place as one key */
export const placeKey = (one: PartitionOffset): string => `${partitionKey(one)}/${one.offset}`;

export type Fault = { at: string; kind: string; subject: string; text: string };
type Mark = Omit<Fault, 'at'> & { atMs: number };

/** Times are RFC 3339; null where no record is there. */
export type FindingStory = Omit<Finding, 'records'> & {
  jepsen: Anomaly;
  records: (HistoryRecord & { at: string | null })[];
  /** When inventory-service had passed the order, as it was seen; null where it was not. */
  passedAt: string | null;
  /** What happened near it, see `nearMs`, the nearest first; null where nobody saw when it was. */
  faults: Fault[] | null;
  /** The process that it happened to. */
  process: string | null;
  /** The history in one line. */
  text: string;
};

/** Of the causes that the lab marks. */
const faultKinds: readonly string[] = ['kill', 'crash', 'stop', 'scale', 'kafka', 'rebalance', 'reset'];
/** What happens to a process, and names it. */
const ofProcess: readonly string[] = ['kill', 'crash', 'stop'];

export type Witness = {
  marks: readonly Mark[];
  /** When the group was first seen to be past a place (ms since 1970). */
  passedAt: (place: PartitionOffset) => number | undefined;
};

/** @returns what Jepsen calls it; a decision on a record that only readers of uncommitted records see is an aborted read */
export function anomalyOf({ kind, records }: Pick<Finding, 'kind' | 'records'>, seen: readonly Seen[]): Anomaly {
  const source = records.find(({ what }) => what === 'source');
  const atSource = source && seen.find((one) => placeKey(one) === placeKey(source));
  if (atSource?.isCommitted === false) return 'aborted-read';
  return jepsenWords[kind];
}

const jepsenWords: { [kind in Finding['kind']]: Anomaly } = {
  missing: 'lost-write',
  'decided-twice': 'duplicate',
  'no-order': 'unexpected',
  'wrong-source': 'unexpected',
  'out-of-order': 'nonmonotonic-send',
  'created-at-differs': 'unexpected',
};

/**
 * @param finding what was found
 * @param seen what is at the places of its records, see `readPlaces`
 * @param witness what the running lab saw; undefined where none runs
 */
export function findingStory(finding: Finding, seen: readonly Seen[], witness: Witness | undefined): FindingStory {
  const records = finding.records.map((record) => {
    const found = seen.find((one) => placeKey(one) === placeKey(record));
    return { ...record, atMs: found?.atMs };
  });
  const order = records.find(({ what }) => what === 'order');
  const passedMs = finding.kind === 'missing' && order ? witness?.passedAt(order) : undefined;
  const moments = [...records.flatMap(({ atMs, what }) => (atMs === undefined || what === 'order' ? [] : [atMs])), passedMs].filter(
    (one) => one !== undefined,
  );
  const faults = witness && moments.length > 0 ? nearest(witness.marks, moments) : null;
  const process = faults?.find(({ kind }) => ofProcess.includes(kind))?.subject ?? null;
  const { kind, topic, partition, offset, id } = finding;
  const told = records.map(({ atMs, ...record }) => ({ ...record, at: atMs === undefined ? null : iso(atMs) }));
  const passedAt = passedMs === undefined ? null : iso(passedMs);
  const text = textOf(told, passedAt, faults);
  return { kind, topic, partition, offset, id, jepsen: anomalyOf(finding, seen), records: told, passedAt, faults, process, text };
}

/** @returns for a person: `more than one decision` and the like */
export const whatIsWrong = ({ kind }: Pick<FindingStory, 'kind'>): string => findingKinds[kind];

function nearest(marks: readonly Mark[], moments: readonly number[]): Fault[] {
  const distance = ({ atMs }: Mark): number => Math.min(Number.POSITIVE_INFINITY, ...moments.map((one) => Math.abs(one - atMs)));
  return marks
    .filter((mark) => faultKinds.includes(mark.kind) && distance(mark) <= nearMs)
    .toSorted((a, b) => Number(ofProcess.includes(b.kind)) - Number(ofProcess.includes(a.kind)) || distance(a) - distance(b))
    .map(({ atMs, kind, subject, text }) => ({ at: iso(atMs), kind, subject, text }));
}

function textOf(records: FindingStory['records'], passedAt: string | null, faults: Fault[] | null): string {
  const parts = records.map(({ what, topic, partition, offset, at }) => {
    const when = at === null ? ', where nothing is' : ` at ${clock(at)}`;
    return `${what === 'source' ? 'made on' : what} ${topic}/${partition}@${offset}${when}`;
  });
  if (passedAt !== null) parts.push(`passed by ${clock(passedAt)}`);
  const [first] = faults ?? [];
  if (first) parts.push(`near: ${first.kind} of ${first.subject} at ${clock(first.at)} (${first.text})`);
  else if (faults) parts.push(`nothing happened ${nearText} of it`);
  return parts.join('; ');
}

const iso = (ms: number): string => new Date(ms).toISOString();
/** Of UTC, as in the records. */
const clock = (at: string): string => at.slice(11, 23);
