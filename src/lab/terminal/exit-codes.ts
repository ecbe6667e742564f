/** What the exit code of `./lab` means: scripts and CI rely on it. */
import { ReplaygroundError } from '../../kafka/errors.ts';

export const exitCodes = { ok: 0, failed: 1, usage: 2, inconclusive: 3, interrupted: 130 } as const;

/** What is wrong with what the user gave: arguments, settings, a system. */
const usageCodes: ReadonlySet<string> = new Set([
  'usage',
  'bad-setting',
  'bad-system',
  'system-not-set-up',
  'system-not-started',
  'names-taken',
  'toolchain-missing',
]);

/** @returns an error for arguments that cannot be right: what is wrong and what is allowed, one line; exit code 2 */
export const usageError = (message: string): ReplaygroundError => new ReplaygroundError('usage', message);

/** @returns the error of a command that Ctrl-C ended; exit code 130, nothing is printed */
export const interrupted = (): ReplaygroundError => new ReplaygroundError('interrupted', 'interrupted');

/** @returns the exit code for whatever ended a command */
export function exitCodeOf(error: unknown): number {
  if (!(error instanceof ReplaygroundError)) return exitCodes.failed;
  if (usageCodes.has(error.code)) return exitCodes.usage;
  return error.code === 'interrupted' ? exitCodes.interrupted : exitCodes.failed;
}
