/** Whether a claim of a scenario holds: bound and measured value compared in one place, so that what a report says is what was compared. */

type Hint = {
  /** What to look at when the claim does not hold: a command, and what it should show. */
  lookAt: string;
  /** Shown behind the numbers: 'records/s', '%'. */
  unit?: string;
  /** What the measured value was made of. */
  detail?: string;
};

export type CheckSpec = Hint &
  (
    | { measured: number; atLeast: number }
    | { measured: number; atMost: number }
    | { measured: number; between: readonly [number, number] }
    | { measured: string | number | boolean | null | undefined; equals: string | number | boolean }
    | { measured: string | number; expected: string; held: boolean }
  );

export type Check = { claim: string; held: boolean; expected: string; measured: string; lookAt: string };

/**
 * @param claim a sentence
 * @param spec measured value and bound; a value that is no number holds no bound
 * @returns the claim, judged
 */
export function judge(claim: string, spec: CheckSpec): Check {
  const { lookAt, unit, detail } = spec;
  // 2.6999 is below 2.7, and must not be shown as 2.7.
  const exactly = (value: unknown, held: boolean): string =>
    typeof value === 'number' && Number.isFinite(value) && !held && value !== Number(value.toFixed(decimals))
      ? String(value)
      : formatValue(value);
  const withUnit = (value: unknown, text: string): string => (unit === undefined || typeof value !== 'number' ? text : `${text} ${unit}`);
  const show = (value: unknown): string => withUnit(value, formatValue(value));
  const judged = (held: boolean, expected: string): Check => ({
    claim,
    held,
    expected,
    measured: withUnit(spec.measured, exactly(spec.measured, held)) + (detail === undefined ? '' : ` (${detail})`),
    lookAt,
  });
  if ('atLeast' in spec) return judged(spec.measured >= spec.atLeast, `at least ${show(spec.atLeast)}`);
  if ('atMost' in spec) return judged(spec.measured <= spec.atMost, `at most ${show(spec.atMost)}`);
  if ('between' in spec) {
    const [low, high] = spec.between;
    return judged(spec.measured >= low && spec.measured <= high, `${formatValue(low)} to ${show(high)}`);
  }
  if ('equals' in spec) return judged(Object.is(spec.measured, spec.equals), show(spec.equals));
  return judged(spec.held, spec.expected);
}

const decimals = 3;

/** @returns numbers with thousands separated and at most three decimals, anything else as it is */
export function formatValue(value: unknown): string {
  if (typeof value === 'number')
    return Number.isFinite(value) ? value.toLocaleString('en', { maximumFractionDigits: decimals }) : 'not a number';
  if (value === null || value === undefined) return 'nothing';
  return String(value);
}
