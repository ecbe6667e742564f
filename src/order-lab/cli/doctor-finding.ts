/** What a check of `./lab doctor` found, and what to do where that is not enough. */

import type { Finding } from '../../lab/answers/lab.ts';

export const ok = (check: string, found: string): Finding => ({ check, state: 'ok', found, todo: null });
export const warn = (check: string, found: string, todo: string): Finding => ({ check, state: 'warn', found, todo });
export const fail = (check: string, found: string, todo: string): Finding => ({ check, state: 'fail', found, todo });

/** @returns the message of whatever was thrown */
export const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));
