/** What the lag timeline draws: lines from samples, and marks that can be told apart. Pure, so that it can be tested without a canvas. */
import type { Layout, Mark, Sample } from '../../../src/order-lab/wire/all.ts';

export type Line = {
  id: string;
  name: string;
  group: string;
  topic: string | null;
  partition: number | null;
  /** `[ms since 1970, lag]`; null leaves a gap. */
  points: [number, number | null][];
};

/** @returns one line per group: its total lag */
export function totalLines(layout: Layout, samples: readonly Sample[], groups: readonly string[]): Line[] {
  return groups.map((group) => {
    const columns = layout.commits.flatMap((commit, i) => (commit.group === group ? [i] : []));
    const points = samples.map(({ atMs, lag }): [number, number | null] => [atMs, sumOfKnown(columns.map((i) => lag[i] ?? null))]);
    return { id: group, name: group, group, topic: null, partition: null, points };
  });
}

/** @returns one line per partition that the group reads */
export function partitionLines(layout: Layout, samples: readonly Sample[], group: string): Line[] {
  return layout.commits.flatMap((commit, i) => {
    if (commit.group !== group) return [];
    const { topic, partition } = commit;
    const points = samples.map(({ atMs, lag }): [number, number | null] => [atMs, lag[i] ?? null]);
    return [{ id: `${group}/${topic}/${partition}`, name: `${topic} ${partition}`, group, topic, partition, points }];
  });
}

/** Causes at about the same moment, under one label. */
export type MarkGroup = { atMs: number; label: string; marks: Mark[] };

/**
 * @param marks oldest first
 * @param apartMs marks nearer than this to the first of a group share its label
 */
export function groupMarks(marks: readonly Mark[], apartMs: number): MarkGroup[] {
  const groups: MarkGroup[] = [];
  // How good a forecast was, and what a replay gave, cause nothing: they are told in the list.
  for (const mark of marks.filter(({ kind }) => kind !== 'forecast' && kind !== 'digest')) {
    const last = groups.at(-1);
    if (last && mark.atMs - last.atMs < apartMs) last.marks.push(mark);
    else groups.push({ atMs: mark.atMs, label: '', marks: [mark] });
  }
  for (const group of groups) {
    const kinds = [...new Set(group.marks.map(({ kind }) => kind))].sort((a, b) => Number(isEffect(a)) - Number(isEffect(b)));
    group.label = kinds.length > 2 ? `${kinds[0]}, ${kinds[1]} +${kinds.length - 2}` : kinds.join(', ');
  }
  return groups;
}

/** What follows from something else names a group of marks only where nothing else does. */
const isEffect = (kind: Mark['kind']): boolean => kind === 'rebalance' || kind === 'start';

const sumOfKnown = (values: readonly (number | null)[]): number | null => {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
};
