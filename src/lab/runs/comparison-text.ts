/** Comparisons in words: the same for a terminal and for reports. Pure. */
import { formatValue } from '../report/check.ts';
import { type CheckDifference, type ConditionDifference, changeOf, type History, type RunComparison } from './compare-runs.ts';

const figure = (value: number | null, unit: string): string =>
  value === null ? '-' : `${formatValue(value)}${unit === '' ? '' : ` ${unit}`}`;

/** @returns `+12.5%`, `-3%`, `same`; nothing where it cannot be said */
export function changeText(change: number | null): string {
  if (change === null) return '';
  const percent = Math.round(change * 1000) / 10;
  return percent === 0 ? 'same' : `${percent > 0 ? '+' : ''}${percent}%`;
}

export const figureColumns = ['Figure', 'Before', 'After', 'Change'];
export const figureRows = ({ figures }: Pick<RunComparison, 'figures'>): string[][] =>
  figures.map(({ name, unit, before, after, change }) => [name, figure(before, unit), figure(after, unit), changeText(change)]);

export const checkColumns = ['Check', 'Before', 'After'];
export const checkRows = (checks: readonly CheckDifference[]): string[][] => {
  const told = (held: boolean | null, measured: string | null): string =>
    held === null ? 'not checked' : `${held ? 'held' : 'NOT HELD'}: ${measured}`;
  return checks.map(({ claim, before, after, heldBefore, heldAfter }) => [claim, told(heldBefore, before), told(heldAfter, after)]);
};

export const conditionColumns = ['What was different', 'Before', 'After'];
export const conditionRows = (conditions: readonly ConditionDifference[]): string[][] =>
  conditions.map(({ name, before, after }) => [name, before ?? '-', after ?? '-']);

/** @param history of a run @returns heads of the columns that {@link historyRows} fills */
export const historyColumns = ({ runs }: Pick<History, 'runs'>): string[] => [
  'Figure',
  'This run',
  `The last, ${runs[0]?.startedAt.slice(0, 16).replace('T', ' ') ?? ''}`,
  runs.length === 1 ? 'Median of one' : `Median of the last ${runs.length}`,
  'Against the median',
];

export const historyRows = ({ figures }: Pick<History, 'figures'>): string[][] =>
  figures.map(({ name, unit, now, last, median }) => [
    name,
    figure(now, unit),
    figure(last, unit),
    figure(median, unit),
    changeText(changeOf(median, now)),
  ]);
