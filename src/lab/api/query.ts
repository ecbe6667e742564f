/** Reads the parts of a query, which are text, with an answer that says what is allowed. */

import type { OffsetAt } from '../../kafka/groups/inspector.ts';
import { toUtc } from '../../kafka/record/event-time.ts';
import { problem } from '../../pipeline/service/problem.ts';

/** @throws HttpProblem 400 */
export function numberOf(name: string, text: string | undefined, fallback: number, least: number, most: number): number {
  if (text === undefined || text === '') return fallback;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw problem(400, 'Bad Request', `${name}=${text} is not allowed: a whole number from ${least} to ${most}`);
}

/** @throws HttpProblem 400 */
export function whereFrom(text: string | undefined): 'newest' | { offset: number } | { at: OffsetAt } {
  if (text === undefined || text === '' || text === 'newest') return 'newest';
  if (text === 'earliest') return { at: 'earliest' };
  if (/^\d{1,15}$/.test(text)) return { offset: Number(text) };
  const utc = toUtc(text);
  if (utc !== undefined) return { at: Date.parse(utc) };
  throw problem(400, 'Bad Request', `from=${text} is not allowed: newest, earliest, an offset, or a time such as 2026-11-20T20:30:00Z`);
}
