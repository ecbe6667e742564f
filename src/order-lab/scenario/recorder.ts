/** Writes down what a scenario does while it does it: steps with their times, remarks, checks, comparisons. */

import { type Check, type CheckSpec, judge } from '../../lab/report/check.ts';
import type { Picture } from '../../lab/report/picture.ts';
import { neverReached, type Situation } from '../../lab/report/situation.ts';
import { type Comparison, compareStates } from './comparison.ts';

/** `change`: something was done to the lab, so it is a mark on the charts. `wait`: time passed. `look`: something was asked. */
export type StepKind = 'change' | 'wait' | 'look' | 'remark';

export type Step = {
  kind: StepKind;
  what: string;
  /** Commands that do the same in a terminal; empty where there are none. */
  byHand: string[];
  startMs: number;
  /** Undefined while it runs (ms since 1970). */
  endMs: number | undefined;
  /** What came out, for people. */
  result: string | undefined;
  error: string | undefined;
  /** How often it was done in a row. */
  times: number;
};

export type TableRow = readonly (string | number)[];
export type Table = { title: string; columns: readonly string[]; rows: readonly TableRow[] };

export type Watcher = {
  onStart?: (step: Step) => void;
  onEnd?: (step: Step) => void;
  onCheck?: (check: Check) => void;
  onTable?: (table: Table) => void;
};

export type StepInfo = Pick<Step, 'kind' | 'what'> & { byHand?: string[] };

export class Recorder {
  readonly steps: Step[] = [];
  readonly checks: Check[] = [];
  readonly comparisons: Comparison[] = [];
  readonly tables: Table[] = [];
  readonly pictures: Picture[] = [];
  readonly #watcher: Watcher;
  readonly #now: () => number;

  constructor(watcher: Watcher = {}, now: () => number = Date.now) {
    this.#watcher = watcher;
    this.#now = now;
  }

  /**
   * Does something and writes it down.
   * @param work may tell its result; what it throws is written down and thrown on
   */
  step<T>(info: StepInfo, work: (tell: (result: string) => void) => Promise<T>): Promise<T> {
    const step = this.#begin(info);
    const outcome = work((result) => {
      step.result = result;
    }).then(
      (value) => {
        this.#end(step);
        return value;
      },
      (error: unknown) => {
        step.error = error instanceof Error ? error.message : String(error);
        this.#end(step);
        throw error;
      },
    );
    // A scenario may start a step and wait for it later; until then nobody listens.
    outcome.catch(() => {});
    return outcome;
  }

  say(remark: string): void {
    this.#end(this.#begin({ kind: 'remark', what: remark }));
  }

  check(claim: string, spec: CheckSpec): Check {
    const check = judge(claim, spec);
    this.checks.push(check);
    this.#watcher.onCheck?.(check);
    return check;
  }

  compare(title: string, before: object, after: object): void {
    this.comparisons.push(compareStates(title, before, after));
  }

  table(table: Table): void {
    this.tables.push(table);
    this.#watcher.onTable?.(table);
  }

  /** What the run had to reach: as a table, and as a check that it did. */
  sometimes(situations: readonly Situation[]): Check {
    const rows = situations.map(({ situation, times, needed }) => [situation, times, needed]);
    this.table({ title: 'Sometimes', columns: ['situation', 'times', 'needed'], rows });
    const missing = neverReached(situations).map(({ situation }) => situation);
    return this.check('the storm has reached what it is about', {
      measured: situations.length - missing.length,
      equals: situations.length,
      unit: 'situations',
      ...(missing.length > 0 && { detail: `too seldom: ${missing.join('; ')}` }),
      lookAt: 'the table Sometimes: let it run longer',
    });
  }

  #begin({ kind, what, byHand = [] }: StepInfo): Step {
    const last = this.steps.at(-1);
    if (kind === 'look' && last?.kind === 'look' && last.what === what && last.endMs !== undefined) {
      last.times += 1;
      return last;
    }
    const step: Step = { kind, what, byHand, startMs: this.#now(), endMs: undefined, result: undefined, error: undefined, times: 1 };
    this.steps.push(step);
    this.#watcher.onStart?.(step);
    return step;
  }

  #end(step: Step): void {
    step.endMs = this.#now();
    if (step.times === 1) this.#watcher.onEnd?.(step);
  }
}
