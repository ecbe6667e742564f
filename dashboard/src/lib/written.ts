/** How fast a topic is written, out of its ends. */
import type { Layout, Sample } from '../../../src/lab/wire/all.ts';

/** Over some seconds: what is written in transactions comes in steps. */
const overSamples = 6;

/** @returns records per second; null where it is not known */
export function writtenPerSec(topic: string, layout: Layout, samples: readonly Sample[]): number | null {
  const [before, now] = [samples.at(-overSamples), samples.at(-1)];
  const [was, is] = [endOf(topic, layout, before?.ends), endOf(topic, layout, now?.ends)];
  if (!before || !now || was === null || is === null || is < was || now.atMs === before.atMs) return null;
  return (is - was) / ((now.atMs - before.atMs) / 1000);
}

function endOf(topic: string, layout: Layout, ends: readonly (number | null)[] | undefined): number | null {
  const found = layout.ends.flatMap((column, i) => (column.topic === topic && ends?.[i] != null ? [ends[i]] : []));
  return found.length === 0 ? null : found.reduce((sum, end) => sum + end, 0);
}
