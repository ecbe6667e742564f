/** Event times: what is unambiguous in ISO 8601, or an epoch number, comes in; UTC with milliseconds goes out. */

const canonical = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const offset = '([Zz]|[+-]\\d\\d(?::?\\d\\d)?)?';
const extended = new RegExp(`^(\\d{4})-(\\d\\d)-(\\d\\d)[Tt ](\\d\\d)(?::(\\d\\d)(?::(\\d\\d)(?:[.,](\\d+))?)?)?${offset}$`);
const basic = new RegExp(`^(\\d{4})(\\d\\d)(\\d\\d)[Tt](\\d\\d)(?:(\\d\\d)(?:(\\d\\d)(?:[.,](\\d+))?)?)?${offset}$`);

/** What a time must be, for the message of a refusal. */
export const timeRule = 'is neither an RFC 3339 or ISO 8601 time nor an epoch number (1973 to 5138)';

/**
 * The rule: a date and a time of day, in ISO 8601's extended (`2026-11-25T20:30:15.5+05:30`) or basic form (`20261125T203015Z`), of
 * which RFC 3339 is a part. Seconds and minutes may be left out and are 0 then; a blank may stand for the T in the extended form; the
 * offset may be `Z`, `+05:30`, `+0530`, `+05`. A date alone, week and ordinal dates, 24:00 and the 60th second are not taken.
 * @param text a time; one without an offset is taken as UTC (Python's `isoformat` writes such); digits after the millisecond are cut off
 * @returns the same moment in UTC with milliseconds, or undefined where the text is no such time
 */
export function toUtc(text: string): string | undefined {
  // Orders of a burst share their millisecond.
  if (text !== last.text) last = { text, utc: readTime(text) };
  return last.utc;
}

let last: { text: string; utc: string | undefined } = { text: '', utc: undefined };

function readTime(text: string): string | undefined {
  if (canonical.test(text)) return isReal(text) ? text : undefined;
  const parts = extended.exec(text) ?? basic.exec(text);
  if (!parts) return undefined;
  const [, year, month, day, hour, minute = '00', second = '00', fraction = '', zone = 'Z'] = parts;
  const time = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  if (!isReal(`${time}.000Z`)) return undefined;
  return utcOf(Date.parse(`${time}.${fraction.slice(0, 3).padEnd(3, '0')}${zoneOf(zone)}`));
}

/**
 * The rule: the unit of an epoch number shows in its size. From 1973-03-03 to 5138-11-16 seconds have 9 to 11 digits, milliseconds 12
 * to 14, microseconds 15 to 17, nanoseconds 18 to 20; what is smaller, larger or negative could be more than one thing and is not taken.
 * @param epoch a number of seconds, milliseconds, microseconds or nanoseconds since 1970; what is less than a millisecond is cut off
 * @returns the moment in UTC with milliseconds, or undefined where the number is no such time
 */
export function epochToUtc(epoch: number): string | undefined {
  const unit = epochUnits.find(({ from }) => epoch >= from && epoch < from * 1000);
  return unit && utcOf(Math.floor(unit.toMs(epoch)));
}

const epochUnits = [
  // A fraction of a second times 1000 may end in .999999: Python's time.time() has such, to the microsecond.
  { from: 1e8, toMs: (seconds: number) => Math.round(seconds * 1e6) / 1e3 },
  { from: 1e11, toMs: (milliseconds: number) => milliseconds },
  { from: 1e14, toMs: (microseconds: number) => microseconds / 1e3 },
  { from: 1e17, toMs: (nanoseconds: number) => nanoseconds / 1e6 },
];

/** An offset can carry a time out of the four-digit years. */
function utcOf(moment: number): string | undefined {
  if (Number.isNaN(moment)) return undefined;
  const utc = new Date(moment).toISOString();
  return canonical.test(utc) ? utc : undefined;
}

function zoneOf(zone: string): string {
  if (zone === 'Z' || zone === 'z') return 'Z';
  return `${zone.slice(0, 3)}:${zone.replace(':', '').slice(3) || '00'}`;
}

/** `Date.parse` turns 30 February into 2 March and 24:00 into the next day: a date is real only if it comes back as it went in. */
function isReal(canonicalText: string): boolean {
  const moment = Date.parse(canonicalText);
  if (Number.isNaN(moment)) return false;
  // Writing it costs most of the time; up to the 28th and before 24 h it must come back.
  if (canonicalText.slice(8, 10) <= '28' && canonicalText.slice(11, 13) < '24') return true;
  return new Date(moment).toISOString() === canonicalText;
}

/** @returns the minute a UTC time lies in, `2026-11-20T20:30:00Z` */
export const minuteOf = (utc: string): string => `${utc.slice(0, 16)}:00Z`;
