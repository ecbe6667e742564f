/** The verdict as checks, for servers that show tests: what has to hold for the claim, and what the run had to reach. Pure. */
import type { Check } from '../report/check.ts';
import type { CrashTestResult } from './result.ts';
import { isAtLeast } from './verdict.ts';

export function checksOf({ verdict, sometimes, firstFindings }: CrashTestResult): Check[] {
  const { lost, behavesAs, claim, cameBack, poisoned } = verdict;
  const lookAt = firstFindings[0]?.text ?? 'report.html';
  const claimed: Check =
    claim === null
      ? { claim: 'nothing is lost', expected: '0', measured: String(lost), held: lost === 0, lookAt }
      : { claim: `it behaves as it claims: ${claim}`, expected: claim, measured: behavesAs, held: isAtLeast(behavesAs, claim), lookAt };
  return [
    claimed,
    { claim: 'it comes back without help', expected: 'yes', measured: cameBack ? 'yes' : 'no', held: cameBack, lookAt },
    { claim: 'no record stops a partition', expected: '0', measured: String(poisoned), held: poisoned === 0, lookAt },
    ...sometimes.map(({ situation, times, needed }) => ({
      claim: `the run reached: ${situation}`,
      expected: `at least ${needed}`,
      measured: String(times),
      held: times >= needed,
      lookAt: 'let it last longer: --minutes',
    })),
  ];
}
