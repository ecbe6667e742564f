/** Whether something that is measured again and again stays where it is: least squares over the time. Pure. */

export type Flatness = {
  mean: number;
  least: number;
  most: number;
  /** Slope of the straight line through the points. */
  perMinute: number;
  /** How much the line rises over the time that was measured, as a share of the mean; negative where it falls. */
  growth: number;
};

/** @param points in the order of their times (ms since 1970); without any, everything is 0 */
export function flatness(points: readonly { atMs: number; value: number }[]): Flatness {
  const values = points.map(({ value }) => value);
  const minutes = points.map(({ atMs }) => (atMs - (points[0]?.atMs ?? 0)) / 60_000);
  if (values.length === 0) return { mean: 0, least: 0, most: 0, perMinute: 0, growth: 0 };
  const [mean, middle] = [meanOf(values), meanOf(minutes)];
  const spread = minutes.reduce((sum, minute) => sum + (minute - middle) ** 2, 0);
  const together = minutes.reduce((sum, minute, index) => sum + (minute - middle) * ((values[index] ?? 0) - mean), 0);
  const perMinute = spread === 0 ? 0 : together / spread;
  const growth = mean === 0 ? 0 : (perMinute * (minutes.at(-1) ?? 0)) / mean;
  return { mean, least: Math.min(...values), most: Math.max(...values), perMinute, growth };
}

const meanOf = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
