/** The value of a record as text for a person: on one line in a list, laid out when it is opened. */

/** @param value as the lab gives it: parsed where it was JSON @param laidOut over several lines */
export function valueText(value: unknown, laidOut: boolean): string {
  if (value === null) return '(null: a tombstone)';
  if (typeof value === 'string') return value === '' ? '(empty)' : value;
  return JSON.stringify(value, null, laidOut ? 2 : undefined);
}
