/** Numbers as they are typed on the command line, checked where they come in. */
import { usageError } from '../terminal/exit-codes.ts';

/**
 * @param name what the number is, for the error: "count", "--rate"
 * @param text as typed
 * @throws ReplaygroundError `usage`
 */
export function wholeNumber(name: string, text: string, minimum: number, maximum: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= minimum && value <= maximum) return value;
  throw usageError(`${name} ${text} is not allowed: a whole number from ${minimum} to ${maximum}`);
}

/** As {@link wholeNumber}, for a share from 0 to 1. */
export function share(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value <= 1) return value;
  throw usageError(`${name} ${text} is not allowed: a number from 0 to 1`);
}

/** @returns events per second; `500`, `500/s` and `0.5/s` are understood */
export function ratePerSec(name: string, text: string): number {
  const value = Number(text.replace(/\/s(ec)?$/, ''));
  if (value > 0 && value <= 10_000_000) return value;
  throw usageError(`${name} ${text} is not allowed: records per second, such as 500 or 500/s`);
}
