/** What a check of `./lab doctor` found, and what to do where that is not enough. */

/** `warn`: the lab runs here as things are, but something else will not work. `fail`: the lab cannot run. */
export type Finding = { check: string; state: 'ok' | 'warn' | 'fail'; found: string; todo: string | null };

export const ok = (check: string, found: string): Finding => ({ check, state: 'ok', found, todo: null });
export const warn = (check: string, found: string, todo: string): Finding => ({ check, state: 'warn', found, todo });
export const fail = (check: string, found: string, todo: string): Finding => ({ check, state: 'fail', found, todo });

/** @returns the message of whatever was thrown */
export const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));
