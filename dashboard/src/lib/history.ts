/** The samples and marks that the page keeps: the last 15 minutes, each once, however often the stream was resumed. */
import type { Mark, Sample } from '../../../src/order-lab/wire/all.ts';

export const keptMs = 15 * 60_000;

/** @returns the samples with the new one; one that is not newer than the last is left out, as are those too old to show */
export function withSample(samples: readonly Sample[], sample: Sample): Sample[] {
  const last = samples.at(-1);
  if (last && sample.atMs <= last.atMs) return samples as Sample[];
  const first = samples.findIndex(({ atMs }) => atMs >= sample.atMs - keptMs);
  return [...(first < 0 ? [] : samples.slice(first)), sample];
}

/** @returns the marks with the new one, each id once, those too old left out */
export function withMark(marks: readonly Mark[], mark: Mark): Mark[] {
  return [...marks.filter(({ id, atMs }) => id !== mark.id && atMs >= mark.atMs - keptMs), mark].sort((a, b) => a.atMs - b.atMs);
}
