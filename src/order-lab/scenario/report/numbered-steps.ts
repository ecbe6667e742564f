/** What was done to the lab, as vertical marks on the charts: numbered, since the words would not fit. Pure. */

import type { Mark } from '../../../lab/report/chart.ts';
import type { Step } from '../recorder.ts';
import { seconds } from './series.ts';

/**
 * @param steps all steps of a run
 * @param startMs when it began (ms since 1970)
 * @returns one mark per change; the number is that of the step in the report's list
 */
export const marksOf = (steps: readonly Step[], startMs: number): Mark[] =>
  numbered(steps).flatMap(({ step, number }) =>
    step.kind === 'change' && number !== undefined ? [{ atSec: seconds(step.startMs, startMs), number, what: step.what }] : [],
  );

/** @returns the steps with their numbers from 1; remarks have none */
export function numbered(steps: readonly Step[]): { step: Step; number: number | undefined }[] {
  let last = 0;
  return steps.map((step) => {
    if (step.kind === 'remark') return { step, number: undefined };
    last += 1;
    return { step, number: last };
  });
}
