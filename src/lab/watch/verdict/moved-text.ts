/** Which way offsets went, and how far: one sentence for the timeline and the page. Pure. */
import { count } from './group-verdict.ts';

/** @param by how far each partition was moved, below 0 where it went back @returns `1 partition back by 5 offsets, 2 partitions forward by 57,438 offsets`; ends of transactions have offsets too */
export function movedText(by: readonly number[]): string {
  const way = (name: string, some: readonly number[]): string[] =>
    some.length === 0
      ? []
      : [
          `${count(some.length, 'partition')} ${name} by ${count(
            some.reduce((sum, one) => sum + Math.abs(one), 0),
            'offset',
          )}`,
        ];
  const back = by.filter((one) => one < 0);
  const forward = by.filter((one) => one > 0);
  return [...way('back', back), ...way('forward', forward)].join(', ') || 'nothing moved';
}
