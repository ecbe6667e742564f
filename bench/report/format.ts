/** Figures as people read them. Pure. */
import { isMet, type Measure, type Unit } from '../result.ts';
import type { Ratio, Summary } from '../statistics.ts';

const decimals: Record<Unit, number> = { 'records/s': 0, 'orders/s': 0, 'requests/s': 0, s: 2, ms: 1, MB: 0, x: 2 };

/** @returns `95,120` */
export const figure = (value: number, unit: Unit): string =>
  value.toLocaleString('en-US', { minimumFractionDigits: decimals[unit], maximumFractionDigits: decimals[unit] });

/** @returns `95,120 (93,000 - 97,500)`; the range is left out where there was one round */
export const spread = ({ median, min, max, rounds }: Summary, unit: Unit): string =>
  rounds.length > 1 ? `${figure(median, unit)} (${figure(min, unit)} - ${figure(max, unit)})` : figure(median, unit);

/** @returns `1.23 (1.10 - 1.31)` */
export const ratioText = ({ value, low, high }: Ratio): string =>
  low === undefined || high === undefined ? value.toFixed(2) : `${value.toFixed(2)} (${low.toFixed(2)} - ${high.toFixed(2)})`;

/** @returns `ratio >= 1.5`, `< 300 ms`; empty without a target */
export function targetText({ target, unit }: Measure): string {
  if (!target) return '';
  const bound = 'atLeast' in target ? `>= ${target.atLeast}` : `< ${target.below}`;
  return target.of === 'ratio' ? `ratio ${bound}` : `${bound} ${unit}`;
}

/** @returns `met`, `NOT MET`; empty without a target */
export function verdict(measure: Measure): string {
  const met = isMet(measure);
  return met === undefined ? '' : met ? 'met' : 'NOT MET';
}

/** @returns a cell of a grid: three digits that count */
export const cell = (value: string | number): string =>
  typeof value === 'string'
    ? value
    : value.toLocaleString('en-US', { maximumFractionDigits: Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2 });
