/** Numbers, times and sizes as people read them: one way each, the same width from second to second. */

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const oneDecimal = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 });
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** What is not known is a dash, as in Kafka's own tools; never a 0. */
export const unknown = '-';

type Maybe = number | null | undefined;

/** @returns `12,345`, or a dash */
export const count = (value: Maybe): string => (value == null || !Number.isFinite(value) ? unknown : whole.format(value));

/** @returns `1 member`, `12,345 members` */
export const counted = (value: number, what: string): string => `${count(value)} ${what}${value === 1 ? '' : 's'}`;

/** @returns `850`, `12.3k`, `1.2M`: for places where a long number does not fit */
export function short(value: Maybe): string {
  if (value == null || !Number.isFinite(value)) return unknown;
  const size = Math.abs(value);
  if (size >= 1e6) return `${oneDecimal.format(value / 1e6)}M`;
  if (size >= 10_000) return `${oneDecimal.format(value / 1e3)}k`;
  return whole.format(value);
}

/** @returns `1,234/s`; below 10 with one decimal */
export const perSec = (value: Maybe): string =>
  value == null || !Number.isFinite(value) ? unknown : `${Math.abs(value) < 10 ? oneDecimal.format(value) : short(value)}/s`;

/** @param ratio 0 to 1 @returns `4.98%` */
export const percent = (ratio: Maybe, decimals = 2): string =>
  ratio == null || !Number.isFinite(ratio) ? unknown : `${(ratio * 100).toFixed(decimals)}%`;

/** @param ms a length of time @returns `12 ms`, `1.4 s`, `48 s`, `3 min 20 s`, `2 h 5 min` */
export function duration(ms: Maybe): string {
  if (ms == null || !Number.isFinite(ms)) return unknown;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 ? `${minutes} min ${seconds % 60} s` : `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
  return `${Math.round(hours / 24)} days`;
}

/** @returns `12:03:10`, in the reader's own time zone */
export function timeOfDay(at: Date | number | string): string {
  const date = new Date(at);
  // A record's time may be no date: then it is told as the number it is.
  return Number.isNaN(date.getTime()) ? String(at) : clock.format(date);
}

/** @returns the time of day; with the date, `2026-11-20 12:03:10`, where that is another one than today's */
export function timeAndDay(at: Date | number | string, now = new Date()): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime()) || date.toDateString() === now.toDateString()) return timeOfDay(at);
  return dayAndTime(at);
}

/** @returns `2026-11-20 12:03:10`, in the reader's own time zone */
export function dayAndTime(at: Date | number | string): string {
  const date = new Date(at);
  return `${[date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, '0')).join('-')} ${timeOfDay(at)}`;
}

/** @returns `12.4 MB` */
export function bytes(value: Maybe): string {
  if (value == null) return unknown;
  if (value < 1000) return `${value} B`;
  if (value < 1e6) return `${oneDecimal.format(value / 1e3)} kB`;
  return value < 1e9 ? `${oneDecimal.format(value / 1e6)} MB` : `${oneDecimal.format(value / 1e9)} GB`;
}

/** @returns `+12`, `-3`, `0` */
export const signed = (value: Maybe): string => (value == null ? unknown : value > 0 ? `+${count(value)}` : count(value));
