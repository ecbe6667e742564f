/** The verdict on one ledger, from the log alone: which ids were lost, repeated, invented, or came out of order. Pure. */
import type { LedgerLog, LoggedRecord } from './ledger-log.ts';

export type FindingKind = 'lost' | 'repeated' | 'invented' | 'outOfOrder' | 'poisoned';

export type Finding = { kind: FindingKind; id: string; from: string; to: string; inputs: LoggedRecord[]; outputs: LoggedRecord[] };

export type LedgerVerdict = {
  /** Different ids that came in and can be read. */
  ids: number;
  lost: number;
  repeated: number;
  invented: number;
  outOfOrder: number;
  /** Partitions that are stopped at a record that cannot be read. */
  poisoned: number;
  /** Ids that the service never got to: they are neither lost nor done. */
  unread: number;
  /** All, in the order of the log. */
  findings: Finding[];
};

const mostFindingsOfAKind = 5;

/** @returns the verdict, with all findings */
export function judgeLedger(log: LedgerLog): LedgerVerdict {
  const { from, to, inputs, outputs, deadLetters } = log;
  const isUnreadable = ({ partition, offset, id }: LoggedRecord): boolean =>
    id === undefined || log.unreadable.has(placeOf(partition, offset));
  const inputsById = byId(inputs.filter((record) => !isUnreadable(record)));
  const outputsById = byId(outputs);
  const lettersById = byId(deadLetters);
  const cameIn = new Set(inputs.map(({ id }) => id));
  const readUpTo = positions(log, outputsById, lettersById);
  const findings: Finding[] = [];
  const counts = { lost: 0, repeated: 0, invented: 0, outOfOrder: 0, poisoned: 0 };
  const found = (kind: FindingKind, id: string, its: LoggedRecord[], out: LoggedRecord[]): void => {
    counts[kind] += 1;
    findings.push({ kind, id, from, to, inputs: its.slice(0, 3), outputs: out.slice(0, 5) });
  };
  let unread = 0;
  for (const [id, came] of inputsById) {
    const went = [...(outputsById.get(id) ?? []), ...(lettersById.get(id) ?? [])];
    // A consumer that does not look for duplicates writes once for each time that the id came in: that is no repeat.
    const allowed = log.deduplicates ? 1 : came.length;
    if (went.length > allowed) found('repeated', id, came, went);
    if (went.length > 0) continue;
    if (came.some(({ partition, offset }) => offset < (readUpTo.get(partition) ?? Number.POSITIVE_INFINITY))) found('lost', id, came, []);
    else unread += 1;
  }
  for (const [id, went] of outputsById) if (!cameIn.has(id)) found('invented', id, [], went);
  for (const record of outputs) if (record.id === undefined) found('invented', '', [], [record]);
  if (!log.isQueue) for (const [id, came, went] of outOfOrder(inputsById, outputs)) found('outOfOrder', id, [came], [went]);
  const stopped = new Set<number>();
  for (const record of inputs) {
    const { partition, offset, id = '' } = record;
    // Whoever commits behind it has passed it.
    if (!isUnreadable(record) || stopped.has(partition) || (readUpTo.get(partition) ?? Number.POSITIVE_INFINITY) > offset) continue;
    stopped.add(partition);
    found('poisoned', id, [record], []);
  }
  return { ids: inputsById.size, ...counts, unread, findings };
}

/** @returns the first findings of each kind, by the time of what was written last of it, or came in */
export function firstOf(findings: readonly Finding[]): Finding[] {
  const atOf = ({ inputs, outputs }: Finding): number => (outputs.at(-1) ?? inputs[0])?.at ?? 0;
  const byKind = Map.groupBy(findings, ({ kind }) => kind);
  return [...byKind.values()].flatMap((its) => its.toSorted((a, b) => atOf(a) - atOf(b)).slice(0, mostFindingsOfAKind));
}

/** @returns a place in a topic, for `LedgerLog.unreadable` */
export const placeOf = (partition: number, offset: number): string => `${partition}@${offset}`;

function byId(records: readonly LoggedRecord[]): Map<string, LoggedRecord[]> {
  const found = new Map<string, LoggedRecord[]>();
  for (const record of records) {
    if (record.id === undefined) continue;
    const known = found.get(record.id);
    if (known) known.push(record);
    else found.set(record.id, [record]);
  }
  return found;
}

type ById = ReadonlyMap<string, readonly LoggedRecord[]>;

/**
 * How far each partition was read: to what was committed, or, where it is read in order and nothing goes on, to what came out of it beyond that.
 * Without a group: all.
 */
function positions({ committed, inputs, goesOn, isQueue }: LedgerLog, outputs: ById, letters: ById): Map<number, number> {
  const found = new Map<number, number>(committed ?? []);
  if (!committed) return found;
  for (const { partition, offset, id } of inputs) {
    if (goesOn || isQueue || id === undefined || !(outputs.has(id) || letters.has(id))) {
      if (!found.has(partition)) found.set(partition, 0);
      continue;
    }
    found.set(partition, Math.max(found.get(partition) ?? 0, offset + 1));
  }
  return found;
}

/**
 * Of each key, the first output of each id, in the order of its partition: a later one whose id came in earlier is out of order. Kafka
 * promises no order to records without a key: sent again, they may land in another partition.
 */
function* outOfOrder(inputs: ById, outputs: readonly LoggedRecord[]): Generator<[string, LoggedRecord, LoggedRecord]> {
  const seen = new Set<string>();
  const last = new Map<string, LoggedRecord>();
  for (const output of outputs.toSorted((a, b) => a.partition - b.partition || a.offset - b.offset)) {
    const { id } = output;
    const input = id === undefined ? undefined : inputs.get(id)?.[0];
    if (id === undefined || !input || input.key === null || seen.has(id)) continue;
    seen.add(id);
    const key = `${input.partition}/${output.partition}/${input.key}`;
    const before = last.get(key);
    if (before && before.offset > input.offset) yield [id, input, output];
    else last.set(key, input);
  }
}
