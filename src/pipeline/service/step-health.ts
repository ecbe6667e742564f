/** The health of a service whose loop takes one step after the other: it is stalled when a step takes too long. */

export type StepHealth = {
  healthy: boolean;
  /** `status`: `ok`, `stalled`, or what the trouble is. */
  facts: { status: string; kafka: 'up' | 'unknown'; stepAgeMs: number };
};

/**
 * @param lastStepMs when the last step was over (ms since 1970)
 * @param allowanceMs how long a step may take
 * @param trouble what keeps the steps from being of use, if anything does
 */
export function stepHealth(lastStepMs: number, allowanceMs: number, trouble?: string): StepHealth {
  const stepAgeMs = Date.now() - lastStepMs;
  const isUp = stepAgeMs < allowanceMs;
  const status = isUp ? (trouble ?? 'ok') : 'stalled';
  return { healthy: status === 'ok', facts: { status, kafka: isUp ? 'up' : 'unknown', stepAgeMs } };
}
