/** Two states beside each other, value by value: what was, what is, and whether it differs. Pure. */
import { formatValue } from '../../lab/report/check.ts';

export type ComparisonRow = { field: string; before: string; after: string; differs: boolean };
export type Comparison = { title: string; rows: ComparisonRow[] };

/** Figures of the clock and of the reader: they differ between any two moments and say nothing about the log. */
const ofTheMoment = new Set(['as_of', 'orders_per_min', 'current_orders_per_minute', 'lag']);

/**
 * @param title what is compared
 * @param before named values; only plain ones (numbers, texts, yes and no) are shown
 * @returns one row per value of either
 */
export function compareStates(title: string, before: object, after: object): Comparison {
  const [was, is] = [plainValues(before), plainValues(after)];
  const fields = [...new Set([...was.keys(), ...is.keys()])];
  const rows = fields.map((field) => {
    const [b, a] = [was.get(field), is.get(field)];
    return { field, before: formatValue(b), after: formatValue(a), differs: !Object.is(b, a) };
  });
  return { title, rows };
}

const plainValues = (state: object): Map<string, unknown> =>
  new Map(
    Object.entries(state).filter(([name, value]) => !ofTheMoment.has(name) && ['number', 'string', 'boolean'].includes(typeof value)),
  );
