/** A crash test in words, for a terminal: the verdict first, then what it rests on. Pure. */

import { formatValue } from '../../report/check.ts';
import { neverReached } from '../../report/situation.ts';
import { costsByKind } from '../judge/fault-costs.ts';
import { keepsClaim, type Verdict } from '../judge/verdict.ts';
import type { CrashTestResult } from './result.ts';

/** A line of the table: what, how much, what it means. */
export type Row = [name: string, value: string, meaning: string];

export function verdictRows({ verdict, ids, faults }: CrashTestResult): Row[] {
  const { lost, repeated, invented, outOfOrder, unread, stalledSec, cameBack, poisoned } = verdict;
  const rows: Row[] = [
    ['ids', formatValue(ids), `came in, under ${faults.length} ${faults.length === 1 ? 'fault' : 'faults'}`],
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

export const costColumns = ['Kind', 'Times', 'Lost', 'Repeated', 'Out of order', 'At work again'];

/** What each kind of fault has cost; the last row tells of what happened before any. */
export function costRows({ faults, verdict }: CrashTestResult): string[][] {
  const kinds = costsByKind(faults);
  const rows = kinds.map(({ kind, times, lost, repeated, outOfOrder, atWorkAfterSec, unseen }) => {
    const isHarmless = kind === 'duplicate' || kind === 'unreadable';
    const back = atWorkAfterSec === null ? (isHarmless ? '' : 'not seen') : `after ${atWorkAfterSec} s${times > 1 ? ' at most' : ''}`;
    const often = unseen > 0 && atWorkAfterSec !== null ? `, ${unseen} not seen` : '';
    return [kind, times, lost, repeated, outOfOrder, back + often].map((cell) => (typeof cell === 'number' ? formatValue(cell) : cell));
  });
  const rest = (what: 'lost' | 'repeated' | 'outOfOrder'): number => verdict[what] - kinds.reduce((sum, kind) => sum + kind[what], 0);
  const left = [rest('lost'), rest('repeated'), rest('outOfOrder')];
  return left.some((count) => count > 0) ? [...rows, ['before any', '', ...left.map(formatValue), '']] : rows;
}

/** @returns one line: whether the claim held, what it behaves as, what it claims */
export const verdictLine = (result: CrashTestResult): string => `${outcomeWords[result.outcome]}: ${reasonLine(result)}`;

const outcomeWords = { held: 'held', 'not-held': 'NOT HELD', inconclusive: 'INCONCLUSIVE' } as const;

/** What the reason is made of. */
type Judged = Pick<CrashTestResult, 'outcome' | 'sometimes' | 'notBack'> & {
  verdict: Pick<Verdict, 'behavesAs' | 'claim' | 'held' | 'lost' | 'cameBack' | 'poisoned'>;
};

/** @returns what it behaves as, what it claims, and why that is not enough, or what is missing to tell: the same words wherever a verdict is shown */
export function reasonLine({ verdict, outcome, sometimes, notBack }: Judged): string {
  const { behavesAs, claim, held } = verdict;
  const what = `behaves as ${behavesAs}${behavesAs === 'exactly-once' ? ' (in this run)' : ''}`;
  const claimed = `${what}; it claims ${claim ?? 'nothing'}`;
  if (outcome === 'held') return claimed;
  if (outcome === 'not-held') {
    const others = otherReasons(verdict, notBack);
    return others.length === 0 ? claimed : `${claimed}, ${keepsClaim(verdict) ? 'but' : 'and'} ${others.join(', and ')}`;
  }
  if (!held) return `${what}, but Kafka skipped ends of transactions where that was found (KAFKA-20734): it says nothing about the system`;
  const missing = neverReached(sometimes).map(({ situation }) => situation);
  return `${what}, but the run never reached: ${missing.join(', ')}; let it last longer`;
}

/** What a verdict rests on beside the guarantee and the claim. */
function otherReasons({ claim, lost, cameBack, poisoned }: Judged['verdict'], notBack: readonly string[]): string[] {
  const reasons: string[] = [];
  if (claim === null && lost > 0) reasons.push(`it lost ${formatValue(lost)} ${lost === 1 ? 'id' : 'ids'}`);
  if (poisoned > 0)
    reasons.push(`a record that cannot be read has stopped ${formatValue(poisoned)} ${poisoned === 1 ? 'partition' : 'partitions'}`);
  if (!cameBack) reasons.push(`it did not come back without help${notBack[0] ? ` (${notBack[0]})` : ''}`);
  return reasons;
}
