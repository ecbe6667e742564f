/** The verdict as checks, for servers that show tests: what has to hold for the claim, and what the run had to reach. Pure. */
import type { Check } from '../../report/check.ts';
import { skippedText } from '../judge/skipped-markers.ts';
import { keepsClaim } from '../judge/verdict.ts';
import type { CrashTestResult } from './result.ts';

export function checksOf({ verdict, outcome, sometimes, firstFindings, notBack, skippedMarkers }: CrashTestResult): Check[] {
  const { lost, behavesAs, claim, cameBack, poisoned, held } = verdict;
  // Then it is no check of the system that fails, but one of the run.
  const isKafkas = outcome === 'inconclusive' && !held;
  const lookAt = firstFindings[0]?.text ?? 'report.html';
  const claimHeld = isKafkas || keepsClaim(verdict);
  const claimed: Check =
    claim === null
      ? { claim: 'nothing is lost', expected: '0', measured: String(lost), held: claimHeld, lookAt }
      : { claim: `it behaves as it claims: ${claim}`, expected: claim, measured: behavesAs, held: claimHeld, lookAt };
  const back = cameBack ? 'yes' : ['no', ...notBack].join('; ');
  return [
    claimed,
    { claim: 'it comes back without help', expected: 'yes', measured: back, held: isKafkas || cameBack, lookAt },
    { claim: 'no record stops a partition', expected: '0', measured: String(poisoned), held: poisoned === 0, lookAt },
    ...skippedText(skippedMarkers).map((text) => ({
      claim: 'nothing was found where Kafka skipped the end of a transaction (KAFKA-20734)',
      expected: 'nothing',
      measured: isKafkas ? 'all that was found' : 'nothing',
      held: !isKafkas,
      lookAt: text,
    })),
    ...sometimes.map(({ situation, times, needed }) => ({
      claim: `the run reached: ${situation}`,
      expected: `at least ${needed}`,
      measured: String(times),
      held: times >= needed,
      lookAt: 'let it last longer: --minutes',
    })),
  ];
}
