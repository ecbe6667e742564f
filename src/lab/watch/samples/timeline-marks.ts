/** The causes on the timeline: what people did, and what was observed, as far back as the samples. */
import type { Mark, MarkKind } from '../../wire/all.ts';

const keptMs = 15 * 60_000;
const mostMarks = 500;
/** A crash right after a kill is the kill, and so on: one cause, one mark (ms). */
const sameCauseMs = 5000;
/** Told by who asked for it, and seen in the offsets (ms). */
const sameMoveMs = 30_000;
const impliedBy: Partial<Record<MarkKind, readonly MarkKind[]>> = {
  burst: ['burst'],
  'dead-letter': ['dead-letter'],
  reset: ['replay'],
  replay: ['replay'],
  kafka: ['kill'],
  crash: ['kill'],
  stop: ['scale', 'stop'],
  start: ['scale', 'start', 'kill', 'crash'],
};

export class Marks {
  readonly #onMark: (mark: Mark) => void;
  #marks: Mark[] = [];
  #lastId = 0;

  constructor(onMark: (mark: Mark) => void) {
    this.#onMark = onMark;
  }

  /** Adds a cause, stamped now, unless one that implies it was marked just before. */
  add(kind: MarkKind, subject: string, text: string, atMs = Date.now()): void {
    if (this.#isImplied(kind, subject, atMs) || (kind === 'reset' && this.#isToldAlready(subject, text, atMs))) return;
    this.#lastId += 1;
    const mark: Mark = { id: this.#lastId, atMs, kind, subject, text };
    this.#marks.push(mark);
    const first = this.#marks.findIndex((one) => one.atMs > atMs - keptMs);
    this.#marks.splice(0, Math.max(first, this.#marks.length - mostMarks, 0));
    this.#onMark(mark);
  }

  /** @returns all that are kept, oldest first */
  all(): readonly Mark[] {
    return this.#marks;
  }

  #isToldAlready(subject: string, text: string, atMs: number): boolean {
    const last = this.#marks.findLast((mark) => mark.kind === 'reset' && mark.subject === subject);
    return last !== undefined && last.text === text && atMs - last.atMs < sameMoveMs;
  }

  #isImplied(kind: MarkKind, subject: string, atMs: number): boolean {
    const causes = impliedBy[kind] ?? [];
    const isPart = (whole: string): boolean => subject === whole || subject.startsWith(`${whole}.`);
    return this.#marks.some((mark) => causes.includes(mark.kind) && isPart(mark.subject) && atMs - mark.atMs < sameCauseMs);
  }
}
