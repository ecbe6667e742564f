/** The value of a record as text for a person: on one line in a list, laid out when it is opened. */

/** Characters that turn the direction of reading: with them a text looks like another one. */
const turning = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** @returns the text with characters that change how it looks as `\u202e` */
export const visible = (text: string): string =>
  text.replaceAll(turning, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** @param value as the lab gives it: parsed where it was JSON and nothing got lost by that, else as it was written @param laidOut over several lines */
export function valueText(value: unknown, laidOut: boolean): string {
  if (value === null) return '(null: a tombstone)';
  if (typeof value === 'string') return value === '' ? '(empty)' : visible(value);
  return visible(JSON.stringify(value, null, laidOut ? 2 : undefined));
}
