/** Two runs beside each other, and one beside those before it: what differs, and what was different about them. Pure. */
import type { Curves, RunFacts } from './run-facts.ts';

export type CheckDifference = {
  claim: string;
  before: string | null;
  after: string | null;
  heldBefore: boolean | null;
  heldAfter: boolean | null;
};
export type FigureDifference = {
  name: string;
  unit: string;
  before: number | null;
  after: number | null /** Of before; null from 0 or nothing. */;
  change: number | null;
};
export type ConditionDifference = { name: string; before: string | null; after: string | null };

export type RunComparison = {
  before: RunFacts;
  after: RunFacts;
  /** Checks that held in one of them only, or are in one of them only. */
  checks: CheckDifference[];
  /** All figures, the same ones too. */
  figures: FigureDifference[];
  /** What was not the same; the load of the machine hardly ever is. */
  conditions: ConditionDifference[];
};

/** @returns what differs, from the first to the second */
export function compareRuns(before: RunFacts, after: RunFacts): RunComparison {
  const checks = sideBySide(before.checks, after.checks, ({ claim }) => claim).map(([name, was, is]) => ({
    claim: name,
    before: was?.measured ?? null,
    after: is?.measured ?? null,
    heldBefore: was?.held ?? null,
    heldAfter: is?.held ?? null,
  }));
  const figures = sideBySide(before.figures, after.figures, ({ name }) => name).map(([name, was, is]) => ({
    name,
    unit: (is ?? was)?.unit ?? '',
    before: was?.value ?? null,
    after: is?.value ?? null,
    change: changeOf(was?.value ?? null, is?.value ?? null),
  }));
  const conditions = sideBySide(before.conditions, after.conditions, ({ name }) => name).map(([name, was, is]) => ({
    name,
    before: was?.value ?? null,
    after: is?.value ?? null,
  }));
  return {
    before,
    after,
    checks: checks.filter(({ heldBefore, heldAfter }) => heldBefore !== heldAfter),
    figures,
    conditions: conditions.filter((one) => one.before !== one.after),
  };
}

/** @returns what a value has grown by, of what it was; 0 where nothing changed, null where it cannot be said */
export function changeOf(was: number | null, is: number | null): number | null {
  if (was === null || is === null) return null;
  if (was === is) return 0;
  return was === 0 ? null : (is - was) / Math.abs(was);
}

/** @returns name by name, in the order of the second, then what only the first has */
function sideBySide<T>(before: readonly T[], after: readonly T[], nameOf: (one: T) => string): [string, T | undefined, T | undefined][] {
  const names = new Set([...after, ...before].map(nameOf));
  const find = (all: readonly T[], name: string): T | undefined => all.find((one) => nameOf(one) === name);
  return [...names].map((name) => [name, find(before, name), find(after, name)]);
}

/** How a run stands beside the ones of its kind before it, on the same machine. */
export type History = {
  /** Newest first; of them the last five make the median. */
  runs: { id: string; startedAt: string; verdict: RunFacts['verdict'] }[];
  figures: { name: string; unit: string; now: number; last: number | null; median: number | null }[];
  /** Checks whose verdict is another than in the last one. */
  checks: CheckDifference[];
  conditions: ConditionDifference[];
  /** Of the last one, to be drawn beside those of now. */
  curves: Curves;
};

const inMedian = 5;
/** What tells one machine from another. */
const machine = ['Processor', 'Memory'];

/**
 * @param run of now
 * @param others all that are known, itself or others among them
 * @returns null where there is none before it
 */
export function historyOf(run: RunFacts, others: readonly RunFacts[]): History | null {
  const where = (one: RunFacts): string => machine.map((name) => one.conditions.find((fact) => fact.name === name)?.value).join();
  const before = others
    .filter((one) => one.kind === run.kind && one.name === run.name && one.startedAt < run.startedAt && where(one) === where(run))
    .toSorted((a, b) => (a.startedAt < b.startedAt ? 1 : -1))
    .slice(0, inMedian);
  const [last] = before;
  if (!last) return null;
  const { checks, conditions } = compareRuns(last, run);
  return {
    runs: before.map(({ id, startedAt, verdict }) => ({ id, startedAt, verdict })),
    figures: run.figures.map(({ name, unit, value }) => ({
      name,
      unit,
      now: value,
      last: valueIn(last, name),
      median: median(before.flatMap((one) => valueIn(one, name) ?? [])),
    })),
    checks,
    conditions,
    curves: last.curves,
  };
}

const valueIn = ({ figures }: RunFacts, name: string): number | null => figures.find((one) => one.name === name)?.value ?? null;

/** @returns the middle one, or the mean of the two in the middle; null of none */
export function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const [low, high] = [sorted[Math.floor(middle)], sorted[Math.ceil(middle)]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}
