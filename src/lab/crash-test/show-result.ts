/** A crash test in words, for a terminal: the verdict first, then what it rests on. Pure. */
import { formatValue } from '../report/check.ts';
import type { CrashTestResult } from './result.ts';

/** A line of the table: what, how much, what it means. */
export type Row = [name: string, value: string, meaning: string];

export function verdictRows({ verdict, ids, faults }: CrashTestResult): Row[] {
  const { lost, repeated, invented, outOfOrder, unread, stalledSec, cameBack, poisoned } = verdict;
  const rows: Row[] = [
    ['ids', formatValue(ids), `came in, under ${faults.length} faults`],
    ['lost', formatValue(lost), 'came in, and never came out'],
    ['repeated', formatValue(repeated), 'came out more often than they came in'],
    ['invented', formatValue(invented), 'came out, and never came in'],
    ['out of order', formatValue(outOfOrder), 'came out behind a later one of their key'],
    ['stalled', `${stalledSec} s`, 'the longest time in which a partition was not read on'],
    ['came back', cameBack ? 'yes' : 'NO', cameBack ? 'all processes ran, and all was read in the end' : 'it needs help'],
    ['poisoned', formatValue(poisoned), 'partitions that a record which cannot be read has stopped'],
  ];
  if (unread > 0) rows.push(['unread', formatValue(unread), 'were never got to: neither lost nor done']);
  return rows;
}

/** @returns one line: what it behaves as, what it claims, whether that held */
export function verdictLine({ verdict: { behavesAs, claim, held }, outcome, sometimes }: CrashTestResult): string {
  const what = `behaves as ${behavesAs}${behavesAs === 'exactly-once' ? ' (in this run)' : ''}`;
  const claimed = claim === null ? 'it claims nothing' : `it claims ${claim}`;
  if (!held) return `NOT HELD: ${what}; ${claimed}`;
  if (outcome === 'held') return `held: ${what}; ${claimed}`;
  const missing = sometimes.filter(({ times, needed }) => times < needed).map(({ situation }) => situation);
  return `INCONCLUSIVE: ${what}, but the run never reached: ${missing.join(', ')}; let it last longer`;
}
