/** The common scale of all lag bars: it grows at once and never shrinks in jumps, so that bars can be compared. */

/** @returns the next 1, 2 or 5 times a power of ten from `value` up, at least 100 */
export function niceCeiling(value: number): number {
  if (!(value > 100)) return 100;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 5, 10].find((one) => one * power >= value) ?? 10;
  return step * power;
}
