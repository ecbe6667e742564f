/** Bursts that the page asks for: one at a time, in a process of their own, told as they go on. */

import type { Marks } from '../../lab/watch/samples/timeline-marks.ts';
import { number } from '../../lab/watch/verdict/group-verdict.ts';
import { newRunId } from '../../pipeline/orders/run-id.ts';
import { problem } from '../../pipeline/service/problem.ts';
import { burstCommand } from '../commands/write-commands.ts';
import type { RunOptions } from '../jobs/worker.ts';
import type { BurstRequest, BurstState, Terminal } from '../wire/all.ts';

/** What a burst gives, by whichever records. */
type Sent = { produced: number; durationMs: number; eventsPerSec: number };

export type BurstRunnerOptions = {
  /** What is sent, for people: `orders`. */
  what: string;
  /** Where it comes in, for the timeline: as it is seen there. */
  subject: string;
  send: (runId: string, request: BurstRequest, options: RunOptions) => Promise<Sent>;
  marks: Marks;
  terminal: () => Terminal;
  onChange: (state: BurstState) => void;
};

export class BurstRunner {
  readonly #options: BurstRunnerOptions;
  #state: BurstState | null = null;
  #stop = new AbortController();

  constructor(options: BurstRunnerOptions) {
    this.#options = options;
  }

  /** The burst that runs, or the last one. */
  get state(): BurstState | null {
    return this.#state;
  }

  /**
   * @returns the burst as it begins
   * @throws HttpProblem 409 while one runs
   */
  start(request: BurstRequest): BurstState {
    if (this.#state?.state === 'running') throw problem(409, 'Burst under way', 'a burst runs already: wait until it is over, or stop it');
    const { count, ratePerSec } = request;
    this.#stop = new AbortController();
    const state: BurstState = {
      runId: newRunId(),
      state: 'running',
      startedAt: new Date().toISOString(),
      finishedAt: null,
      count,
      ratePerSec: ratePerSec ?? null,
      produced: 0,
      durationMs: null,
      eventsPerSec: null,
      error: null,
      command: burstCommand(this.#options.terminal(), request),
    };
    const pace = ratePerSec === undefined ? 'as fast as it goes' : `${number(ratePerSec)}/s`;
    const skew = request.hot === undefined ? '' : `, ${number(request.hot * 100)}% of them in one partition`;
    this.#options.marks.add('burst', this.#options.subject, `burst of ${number(count)} ${this.#options.what}, ${pace}${skew}`);
    this.#change(state);
    void this.#run(state, request);
    return state;
  }

  /** Ends the burst early: what is out already is waited for. */
  stop(): BurstState | null {
    this.#stop.abort();
    return this.#state;
  }

  async #run(begun: BurstState, request: BurstRequest): Promise<void> {
    const onProgress = (produced: number): void => this.#change({ ...begun, ...this.#state, produced });
    try {
      const { produced, durationMs, eventsPerSec } = await this.#options.send(begun.runId, request, {
        onProgress,
        signal: this.#stop.signal,
      });
      this.#finish({ state: 'done', produced, durationMs: Math.round(durationMs), eventsPerSec: Math.round(eventsPerSec) });
    } catch (error) {
      this.#finish({ state: 'failed', error: (error as Error).message });
    }
  }

  #finish(result: Partial<BurstState>): void {
    if (this.#state) this.#change({ ...this.#state, ...result, finishedAt: new Date().toISOString() });
  }

  #change(state: BurstState): void {
    this.#state = state;
    this.#options.onChange(state);
  }
}
