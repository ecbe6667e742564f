/** When the lag of a group is gone: the one answer that the sentence at the top, the tiles, the partitions and `./lab lag` give. Pure. */
import { count, duration, number } from '../verdict/group-verdict.ts';

/** One partition at one moment. */
export type Standing = {
  /** Names the partition. */
  id: string;
  /** The next offset that is read; null where it is not known. */
  next: number | null;
  end: number | null;
  lag: number | null;
};

/** The group at one moment (ms since 1970). */
export type Moment = { atMs: number; partitions: readonly Standing[] };

/** Something that makes all rates of before say nothing, and how it is called in a sentence. */
export type Cause = { atMs: number; text: string };

export type Situation = {
  /** Oldest first; of some seconds. */
  moments: readonly Moment[];
  /** Who reads a partition, by the words that people know it by; undefined where nobody does. */
  readerOf: (id: string) => string | undefined;
  /** Why nothing is read now, where that is so: `paused`, `rebalancing`, `nobody reads`. */
  halted?: string | undefined;
  /** The last one. */
  cause?: Cause | undefined;
};

/** What counts for a partition is its reader: when that is done with all that it has (s), and how much of it is read a second; null: not known. */
export type OfReader = { sec: number | null; readPerSec: number | null };

/**
 * `sec`: seconds until all is read, null where that is not known; `text`: the same as a clause, with why. `keepsUp`: what waits is what came in
 * just now, and that is so for as long as it comes in.
 */
export type WhenGone = { sec: number | null; text: string; keepsUp: boolean; byPartition: ReadonlyMap<string, OfReader> };

/** Rates are over so long: the rhythm of commits is gone, and a change is seen soon (s). */
export const rateSec = 10;
/** What comes in may stop at once, so it is measured over less (s). */
const inRateSec = 3;
/** Rates over less say nothing (s). */
const leastSec = 3;
/** What comes in over so long is on its way, not behind: reads and commits have a rhythm (s). */
const onItsWaySec = 2;
const nothingLeft: OfReader = { sec: 0, readPerSec: 0 };

/**
 * A reader takes its partitions in turn, so what counts is all that a reader has left, and how fast that becomes less; the slowest reader
 * decides.
 */
export function whenGone({ moments, readerOf, halted, cause }: Situation): WhenGone {
  const now = moments.at(-1);
  const nowhere = (why: string): WhenGone => ({ sec: null, text: why, keepsUp: false, byPartition: new Map() });
  if (!now || now.partitions.length === 0 || now.partitions.some(({ lag }) => lag === null))
    return nowhere('not yet known: no lag is known');
  const waiting = now.partitions.filter(({ lag }) => lag !== 0);
  if (waiting.length === 0)
    return { sec: 0, text: 'nothing waits', keepsUp: true, byPartition: new Map(now.partitions.map(({ id }) => [id, nothingLeft])) };
  if (halted !== undefined) return nowhere(`not yet known: ${halted}`);
  if (waiting.some(({ id }) => readerOf(id) === undefined)) return nowhere('not yet known: rebalancing');
  const measured = moments.filter(({ atMs }) => now.atMs - atMs <= rateSec * 1000 && atMs >= (cause?.atMs ?? 0));
  const seconds = secondsOf(measured);
  if (seconds < leastSec) return nowhere(`not yet known: measuring${cause ? ` since ${cause.text}` : ''}`);
  const readers = [...Map.groupBy(waiting, ({ id }) => readerOf(id) as string).keys()].map((reader) =>
    readerOutlook(
      reader,
      now.partitions.filter(({ id }) => readerOf(id) === reader).map(({ id }) => id),
      measured,
    ),
  );
  const byReader = new Map(readers.map(({ reader, sec, readPerSec }) => [reader, { sec, readPerSec }]));
  const unknown: OfReader = { sec: null, readPerSec: null };
  const byPartition = new Map(
    now.partitions.map(({ id, lag }) => [id, lag === 0 ? nothingLeft : (byReader.get(readerOf(id) ?? '') ?? unknown)] as const),
  );
  const [slowest] = readers.toSorted((a, b) => (b.sec ?? Number.POSITIVE_INFINITY) - (a.sec ?? Number.POSITIVE_INFINITY));
  const keepsUp = readers.every((one) => one.keepsUp);
  const others = now.partitions.filter(({ id }) => readerOf(id) !== slowest?.reader).map(({ id }) => id);
  const isAlone = readers.length === 1 && rateOf(measured, others, 'next') === 0;
  return { sec: slowest?.sec ?? null, text: slowest ? textOf(slowest, isAlone) : '', keepsUp, byPartition };
}

type ReaderOutlook = {
  reader: string;
  lag: number;
  readPerSec: number;
  inPerSec: number;
  keepsUp: boolean;
  sec: number | null;
  /** Over so long it was measured. */
  seconds: number;
};

function readerOutlook(reader: string, ids: readonly string[], moments: readonly Moment[]): ReaderOutlook {
  const last = moments.at(-1) as Moment;
  const lag = sumOf(last, ids, 'lag');
  const recent = moments.filter(({ atMs }) => last.atMs - atMs <= inRateSec * 1000);
  const readPerSec = rateOf(fromCommitToCommit(moments, ids), ids, 'next');
  const inPerSec = rateOf(recent, ids, 'end');
  const net = readPerSec - inPerSec;
  const keepsUp = readPerSec > 0 && lag <= inPerSec * onItsWaySec;
  const sec = keepsUp ? round(lag / readPerSec) : net > 0 ? round(lag / net) : null;
  return { reader, lag, readPerSec, inPerSec, keepsUp, sec, seconds: secondsOf(moments) };
}

function textOf({ reader, lag, readPerSec, inPerSec, keepsUp, sec, seconds }: ReaderOutlook, isAlone: boolean): string {
  if (readPerSec <= 0) return `not yet known: ${reader} has committed nothing for ${Math.round(seconds)} s`;
  if (keepsUp && sec !== null) return `what waits is read in about ${duration(sec)}, while ${number(inPerSec)}/s come in`;
  const come = inPerSec >= 0.05 * readPerSec ? `, while ${number(inPerSec)}/s come in` : '';
  if (sec === null) return `not while ${number(inPerSec)}/s come in for ${reader}, which reads ${number(readPerSec)}/s`;
  // Where others read too, the pace of the group is not that of the one who decides.
  const who = isAlone && come === '' ? '' : `: ${reader} has ${count(lag, 'record')} left and reads ${number(readPerSec)}/s${come}`;
  return `gone in about ${duration(sec)}${who}`;
}

const secondsOf = (moments: readonly Moment[]): number =>
  moments.length < 2 ? 0 : ((moments.at(-1) as Moment).atMs - (moments[0] as Moment).atMs) / 1000;

function rateOf(moments: readonly Moment[], ids: readonly string[], field: 'next' | 'end'): number {
  const seconds = secondsOf(moments);
  const [first, last] = [moments[0], moments.at(-1)];
  return seconds === 0 || !first || !last ? 0 : Math.max(0, sumOf(last, ids, field) - sumOf(first, ids, field)) / seconds;
}

/** Commits have a rhythm: what lies before the first one and behind the last says nothing. All, where there are not two. */
function fromCommitToCommit(moments: readonly Moment[], ids: readonly string[]): readonly Moment[] {
  const at = moments.flatMap((moment, index) => {
    const before = moments[index - 1];
    return before && sumOf(moment, ids, 'next') !== sumOf(before, ids, 'next') ? [index] : [];
  });
  const [first, last] = [at[0], at.at(-1)];
  return first === undefined || last === undefined || first === last ? moments : moments.slice(first, last + 1);
}

const sumOf = ({ partitions }: Moment, ids: readonly string[], field: 'next' | 'end' | 'lag'): number =>
  partitions.reduce((sum, one) => sum + (ids.includes(one.id) ? (one[field] ?? 0) : 0), 0);

const round = (value: number): number => Math.round(value * 10) / 10;
