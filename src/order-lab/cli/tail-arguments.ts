/** Where `./lab tail` begins, as typed. */

import type { OffsetAt } from '../../kafka/groups/inspector.ts';
import { toUtc } from '../../kafka/record/event-time.ts';
import { usageError } from '../../lab/terminal/exit-codes.ts';

/** An offset number is one of the log itself, in every partition that is read. */
export type TailFrom = { at: OffsetAt } | { offset: number };

/**
 * @param text `earliest`, `latest`, an offset, or an RFC 3339 time
 * @throws ReplaygroundError `usage`
 */
export function parseFrom(text: string): TailFrom {
  if (text === 'earliest' || text === 'latest') return { at: text };
  if (/^\d+$/.test(text)) return { offset: Number(text) };
  const utc = toUtc(text);
  if (utc === undefined) {
    throw usageError(`--from ${text} is not allowed: earliest, latest, an offset, or a time such as 2026-11-20T20:30:00Z`);
  }
  return { at: Date.parse(utc) };
}
