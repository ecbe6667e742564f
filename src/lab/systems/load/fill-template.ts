/** Keys and values of the records of a load: `{n}` is the number of the record, `{n%100}` one of a hundred. Pure. */

const placeholder = /\{n(?:%(\d+))?\}/g;

/** @returns the text with the number put in */
export const fillText = (text: string, n: number): string =>
  text.replace(placeholder, (_, modulus?: string) => String(modulus === undefined ? n : n % Math.max(1, Number(modulus))));

/** @returns the value with the number put into every text in it; a text that is nothing but `{n}` becomes a number */
export function fillValue(value: unknown, n: number): unknown {
  if (typeof value === 'string') return value === '{n}' ? n : fillText(value, n);
  if (Array.isArray(value)) return value.map((one) => fillValue(one, n));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [fillText(name, n), fillValue(one, n)]));
}
