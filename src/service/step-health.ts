/** The health of a service whose loop takes one step after the other: it is stalled when a step takes too long. */

export type StepHealth = {
  healthy: boolean;
  facts: { status: 'ok' | 'stalled'; kafka: 'up' | 'unknown'; stepAgeMs: number };
};

/**
 * @param lastStepMs when the last step was over (ms since 1970)
 * @param allowanceMs how long a step may take
 */
export function stepHealth(lastStepMs: number, allowanceMs: number): StepHealth {
  const stepAgeMs = Date.now() - lastStepMs;
  const healthy = stepAgeMs < allowanceMs;
  return { healthy, facts: { status: healthy ? 'ok' : 'stalled', kafka: healthy ? 'up' : 'unknown', stepAgeMs } };
}
