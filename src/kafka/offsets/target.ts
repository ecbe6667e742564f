/** Reads where a reset should go to from the options of Kafka's own tool: exactly one of them. */

import { ReplaygroundError } from '../errors.ts';
import { toUtc } from '../record/event-time.ts';
import { parseOffsets } from './csv.ts';
import type { Target } from './plan.ts';

/** As typed; a flag is `true`. */
export type TargetOptions = {
  toEarliest?: boolean | undefined;
  toLatest?: boolean | undefined;
  toCurrent?: boolean | undefined;
  toOffset?: string | undefined;
  shiftBy?: string | undefined;
  toDatetime?: string | undefined;
  byDuration?: string | undefined;
  fromFile?: string | undefined;
};

/** Option of the command line to the name it has in `TargetOptions`. */
export const targetFlags = {
  toEarliest: '--to-earliest',
  toLatest: '--to-latest',
  toCurrent: '--to-current',
  toOffset: '--to-offset',
  shiftBy: '--shift-by',
  toDatetime: '--to-datetime',
  byDuration: '--by-duration',
  fromFile: '--from-file',
} as const;

/** ISO 8601 as `java.time.Duration` reads it: days are 24 hours, no weeks, months or years. */
const duration = /^P(?=[\dT])(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d{1,9})?)S)?)?$/i;

/**
 * @param options as typed
 * @param nowMs from when a duration counts back (ms since 1970)
 * @param readText reads the file of `--from-file`
 * @param group whose lines of that file are meant
 * @throws ReplaygroundError `usage`
 */
export function parseTarget(options: TargetOptions, nowMs: number, readText: (path: string) => string, group: string): Target {
  const given = Object.entries(targetFlags).filter(([name]) => options[name as keyof TargetOptions] !== undefined);
  if (given.length !== 1) {
    const said = given.length === 0 ? 'none is given' : `${given.map(([, flag]) => flag).join(' and ')} are given`;
    throw usage(`exactly one target is needed, ${said}: ${Object.values(targetFlags).join(' ')}`);
  }
  if (options.toEarliest) return { kind: 'earliest' };
  if (options.toLatest) return { kind: 'latest' };
  if (options.toCurrent) return { kind: 'current' };
  if (options.toOffset !== undefined) return { kind: 'offset', offset: wholeNumber('--to-offset', options.toOffset) };
  if (options.shiftBy !== undefined) return { kind: 'shift', by: wholeNumber('--shift-by', options.shiftBy) };
  if (options.toDatetime !== undefined) return { kind: 'time', atMs: moment(options.toDatetime) };
  // Kafka knows whole milliseconds, and none before 1970: more digits than a number holds are before every record too.
  if (options.byDuration !== undefined) return { kind: 'time', atMs: Math.max(0, Math.ceil(nowMs - parseDuration(options.byDuration))) };
  return { kind: 'file', ...parseOffsets(readText(options.fromFile ?? ''), group) };
}

/**
 * @param text `PnDTnHnMnS`
 * @returns milliseconds
 * @throws ReplaygroundError `usage`
 */
export function parseDuration(text: string): number {
  const match = duration.exec(text);
  if (!match) throw usage(`--by-duration ${text} is not allowed: PnDTnHnMnS, such as PT10M or P1DT2H`);
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = match.slice(1).map((part) => Number(part ?? 0));
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
}

function wholeNumber(flag: string, text: string): number {
  const value = Number(text);
  if (!/^[+-]?\d+$/.test(text) || !Number.isSafeInteger(value)) throw usage(`${flag} ${text} is not allowed: a whole number`);
  return value;
}

function moment(text: string): number {
  const utc = toUtc(text);
  if (utc === undefined)
    throw usage(`--to-datetime ${text} is not allowed: an RFC 3339 time, such as 2026-11-20T20:30:00Z (UTC where no offset is given)`);
  return Date.parse(utc);
}

const usage = (message: string): ReplaygroundError => new ReplaygroundError('usage', message);
