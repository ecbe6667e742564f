/** Where a lecture is: which tour, which step, and what the space bar does next. Pure. */
import { type Tour, type TourStep, tours } from './tours.ts';

/** `begun`: its call was made, or there is none to make. */
export type Place = { tour: Tour | undefined; at: number; step: TourStep | undefined };

/** @param parameters of the address: `tour`, and `step` from 1 */
export function placeOf({ tour: id, step }: Record<string, string>): Place {
  const tour = tours.find((one) => one.id === id);
  const at = Math.max(0, Math.trunc(Number(step ?? 1)) - 1 || 0);
  return { tour, at, step: tour?.steps[at] };
}

export type Next = 'choose' | 'act' | 'wait' | 'go-on' | 'end';

/**
 * @param acted whether the call of the step was made already
 * @param busy whether it is under way
 * @returns what the space bar does; `wait`: nothing, an answer is awaited
 */
export function nextOf({ tour, step }: Place, acted: boolean, busy: boolean): Next {
  if (!tour) return 'choose';
  if (!step) return 'end';
  if (busy) return 'wait';
  return step.act && !acted ? 'act' : 'go-on';
}

export const nextText: Record<Next, string> = {
  choose: 'choose a tour',
  act: 'Space: do it',
  wait: 'doing it…',
  'go-on': 'Space: go on',
  end: 'Space: back to the tours',
};
