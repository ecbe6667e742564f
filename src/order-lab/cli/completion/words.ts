/** What is typed, as a shell hands it over to be completed. Pure. */

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

/** The arguments before the one that is typed, and that one as far as it is typed. */
export type Typed = { before: string[]; current: string };

/**
 * @param shell bash takes words apart at `=` and `:`
 * @param words the command's name, then its arguments up to the cursor
 */
export function typedIn(shell: Shell, words: readonly string[]): Typed {
  const whole = shell === 'bash' ? glued(words) : [...words];
  return { before: whole.slice(1, -1), current: whole.length > 1 ? (whole.at(-1) ?? '') : '' };
}

/** @returns `paused=true` of `paused`, `=`, `true` */
function glued(words: readonly string[]): string[] {
  const whole: string[] = [];
  let isOpen = false;
  for (const word of words) {
    const isBreak = /^[=:]+$/.test(word);
    if ((isBreak || isOpen) && whole.length > 1) whole.push(`${whole.pop()}${word}`);
    else whole.push(word);
    isOpen = isBreak;
  }
  return whole;
}

/** What can stand there, with what it is. */
export type Candidate = { value: string; what?: string | undefined };

/**
 * @param candidates all that could stand there
 * @returns the lines that the shell's script reads: those that go on with what is typed, `value<TAB>what it is`; for bash without what it has
 *   taken for words of their own
 */
export function lines(shell: Shell, { current }: Typed, candidates: readonly Candidate[]): string[] {
  const cut = shell === 'bash' ? Math.max(current.lastIndexOf('='), current.lastIndexOf(':')) + 1 : 0;
  return candidates
    .filter(({ value }) => value.startsWith(current))
    .map(({ value, what }) => (what === undefined || shell === 'bash' ? value.slice(cut) : `${value}\t${what}`));
}
