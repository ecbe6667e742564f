/** Replays in place that the page asks for: started at analytics-service, followed until they are compared. */
import { ReplaygroundError } from '../../kafka/errors.ts';
import { pause } from '../../lab/watch/samples/freshness.ts';
import type { Marks } from '../../lab/watch/samples/timeline-marks.ts';
import { problem } from '../../pipeline/service/problem.ts';
import { replayCommand } from '../commands/write-commands.ts';
import type { Metrics, Pipeline, ReplayRequest, ReplayState, Terminal } from '../wire/all.ts';

export type PageReplaysOptions = {
  analyticsUrl: () => string;
  pipeline: Pipeline;
  terminal: () => Terminal;
  marks: Marks;
  onChange: (state: ReplayState) => void;
  signal: AbortSignal;
};

/** As analytics-service tells it. */
type Told = {
  state: 'running' | 'done';
  processed: number;
  total: number;
  finished_at?: string;
  after?: Metrics;
  identical?: boolean;
  first_difference?: ReplayState['firstDifference'];
};

const pollMs = 250;
/** Longer than the service waits until it has counted the whole log. */
const timeoutMs = 20_000;
/** A replay outlives a crash of the service: it is waited for (ms). */
const patienceMs = 60_000;

export class PageReplays {
  readonly #options: PageReplaysOptions;
  #state: ReplayState | null = null;

  constructor(options: PageReplaysOptions) {
    this.#options = options;
  }

  /** The replay that runs, or the last one. */
  get state(): ReplayState | null {
    return this.#state;
  }

  /** @throws HttpProblem that of analytics-service: 409 while one runs, 422 for a bad target; 503 */
  async start(request: ReplayRequest): Promise<ReplayState> {
    const { pipeline, terminal } = this.#options;
    const url = this.#options.analyticsUrl();
    const { id, before } = await askFor(url, request);
    this.#options.marks.add('replay', 'analytics-service', `replay from ${request.to ?? 'earliest'}`);
    const state: ReplayState = {
      id,
      state: 'running',
      startedAt: new Date().toISOString(),
      finishedAt: null,
      processed: 0,
      total: 0,
      before,
      after: null,
      identical: null,
      firstDifference: null,
      error: null,
      command: replayCommand(terminal(), request, pipeline, url),
    };
    this.#change(state);
    void this.#follow(state);
    return state;
  }

  async #follow(begun: ReplayState): Promise<void> {
    const { analyticsUrl, signal } = this.#options;
    let answeredMs = Date.now();
    while (!signal.aborted) {
      await pause(pollMs, signal);
      const told = await lookAt(`${analyticsUrl()}/replay/${begun.id}`).catch(() => undefined);
      if (told) answeredMs = Date.now();
      if (told?.state === 'running') this.#change({ ...begun, processed: told.processed, total: told.total });
      if (told?.state === 'done') return this.#change(finished(begun, told));
      if (Date.now() - answeredMs > patienceMs) {
        return this.#change({
          ...begun,
          state: 'failed',
          finishedAt: new Date().toISOString(),
          error: 'analytics-service does not answer',
        });
      }
    }
  }

  #change(state: ReplayState): void {
    this.#state = state;
    this.#options.onChange(state);
  }
}

const finished = (begun: ReplayState, { processed, total, after, identical, first_difference, finished_at }: Told): ReplayState => ({
  ...begun,
  state: 'done',
  finishedAt: finished_at ?? new Date().toISOString(),
  processed,
  total,
  after: after ?? null,
  identical: identical ?? null,
  firstDifference: first_difference ?? null,
});

async function askFor(url: string, request: ReplayRequest): Promise<{ id: string; before: Metrics }> {
  const response = await fetch(`${url}/replay`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request),
    signal: AbortSignal.timeout(timeoutMs),
  }).catch((cause) => {
    throw new ReplaygroundError('analytics-unreachable', 'analytics-service does not answer: ./lab start analytics-service', { cause });
  });
  const answer = (await response.json()) as { id: string; before: Metrics; title?: string; detail?: string };
  if (!response.ok)
    throw problem(response.status, answer.title ?? 'Refused', answer.detail ?? `analytics-service answers ${response.status}`);
  return answer;
}

async function lookAt(url: string): Promise<Told | undefined> {
  const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
  return response.ok ? ((await response.json()) as Told) : undefined;
}
