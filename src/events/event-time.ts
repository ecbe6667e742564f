/** Event times: RFC 3339 in, UTC with milliseconds out. */

const canonical = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const rfc3339 = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(\.\d+)?([Zz]|[+-]\d\d:\d\d)?$/;

/**
 * @param text RFC 3339; a time without an offset is taken as UTC (Python's `isoformat` writes such); digits after the
 *   millisecond are cut off
 * @returns the same moment in UTC with milliseconds, or undefined where the text is no such time
 */
export function toUtc(text: string): string | undefined {
  if (canonical.test(text)) return isReal(text) ? text : undefined;
  const [, date, time, fraction = '', offset = 'Z'] = rfc3339.exec(text) ?? [];
  if (date === undefined || !isReal(`${date}T${time}.000Z`)) return undefined;
  const moment = Date.parse(`${date}T${time}${fraction.slice(0, 4)}${offset.toUpperCase()}`);
  if (Number.isNaN(moment)) return undefined;
  const utc = new Date(moment).toISOString();
  // An offset can carry a time out of the four-digit years.
  return canonical.test(utc) ? utc : undefined;
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
