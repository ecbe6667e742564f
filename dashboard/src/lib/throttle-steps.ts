/** The stops of the throttle slider: fine where a millisecond halves the speed, coarse where it does not. */

export const throttleSteps = [0, 1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 75, 100, 150, 200, 300, 500, 1000, 2000] as const;

/** @param step of the slider @returns ms per record */
export const throttleAt = (step: number): number => throttleSteps[Math.min(throttleSteps.length - 1, Math.max(0, Math.round(step)))] ?? 0;

/** @returns the stop that is nearest to a value, which may have been set elsewhere */
export function stepOf(ms: number): number {
  let best = 0;
  throttleSteps.forEach((value, step) => {
    if (Math.abs(value - ms) < Math.abs((throttleSteps[best] ?? 0) - ms)) best = step;
  });
  return best;
}
