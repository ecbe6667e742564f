/** Runs replays on the live view: takes requests from HTTP, acts between two batches, and knows the one under way. */
import { partitionKey } from '../../kafka/partition.ts';
import { problem } from '../service/problem.ts';
import type { Metrics } from './metrics.ts';
import { finished, isComplete, newReplay, type Replay, type ReplayJournal, type ReplayRange } from './replay-journal.ts';
import type { ViewLoop } from './view-loop.ts';

export type ReplayerOptions<Target> = {
  journal: ReplayJournal;
  /** All partitions that the view is made of. */
  partitionCount: number;
  /** Says what to read again, given where the view is. */
  ranges: (target: Target, loop: ViewLoop) => Promise<ReplayRange[]>;
  metrics: () => Promise<Metrics>;
  onStarted: (replay: Replay) => void;
  onFinished: (replay: Replay) => void;
};

type Request<Target> = { target: Target; answer: PromiseWithResolvers<Replay> /** On the clock of `performance.now`. */; since: number };

/** A view that has just been taken over is whole in a moment: a request waits that long for it (ms). */
const patienceMs = 8_000;

export class Replayer<Target> {
  readonly #options: ReplayerOptions<Target>;
  #requested: Request<Target> | undefined;
  #underWay: Replay | undefined;

  constructor(options: ReplayerOptions<Target>) {
    this.#options = options;
    // One that a crash interrupted goes on.
    this.#underWay = options.journal.underWay();
  }

  get underWay(): Replay | undefined {
    return this.#underWay;
  }

  /** @returns up to where each partition may be read now, by `partitionKey`; undefined while no replay runs */
  limits(): ReadonlyMap<string, number> | undefined {
    return this.#underWay && new Map(this.#underWay.ranges.map((range) => [partitionKey(range), range.to]));
  }

  /**
   * @param target where to start
   * @returns the replay, as soon as the view is taken back
   * @throws HttpProblem 409 while one runs or is about to, or when this instance does not come to own every partition
   */
  request(target: Target): Promise<Replay> {
    if (this.#underWay || this.#requested) {
      const which = this.#underWay ? ` (GET /replay/${this.#underWay.id})` : '';
      return Promise.reject(problem(409, 'Replay under way', `a replay runs${which}: wait until it is over`));
    }
    this.#requested = { target, answer: Promise.withResolvers<Replay>(), since: performance.now() };
    return this.#requested.answer.promise;
  }

  /** Call when the loop has ended: what was requested and never begun is refused. */
  close(): void {
    this.#requested?.answer.reject(
      problem(503, 'Service Unavailable', 'analytics-service is stopping', { headers: { 'retry-after': '1' } }),
    );
    this.#requested = undefined;
  }

  /** Call between two batches: starts what was requested, ends what is complete. */
  async step(loop: ViewLoop): Promise<void> {
    if (this.#requested && (this.#isWhole(loop) || performance.now() - this.#requested.since > patienceMs)) {
      const { target, answer } = this.#requested;
      await this.#start(target, loop).then(answer.resolve, answer.reject);
      this.#requested = undefined;
    }
    if (this.#underWay && isComplete(this.#underWay, loop.positions)) await this.#finish(this.#underWay, loop);
  }

  #isWhole({ assigned, positions }: ViewLoop): boolean {
    const { partitionCount } = this.#options;
    return assigned.length === partitionCount && positions.length === partitionCount;
  }

  async #start(target: Target, loop: ViewLoop): Promise<Replay> {
    const { journal, partitionCount, ranges, metrics, onStarted } = this.#options;
    if (!this.#isWhole(loop)) {
      throw problem(
        409,
        'View not whole',
        `this instance owns ${loop.assigned.length} of ${partitionCount} partitions: try again in a moment`,
      );
    }
    const replay = newReplay(await ranges(target, loop), await metrics(), new Date());
    const offsets = replay.ranges.map(({ topic, partition, from, takeBack }) => ({ topic, partition, offset: from, takeBack }));
    await loop.rewind(offsets, () => journal.save(replay));
    this.#underWay = replay;
    onStarted(replay);
    return replay;
  }

  async #finish(replay: Replay, loop: ViewLoop): Promise<void> {
    this.#underWay = undefined;
    const result = finished(replay, await this.#options.metrics(), new Date());
    this.#options.journal.save(result);
    await loop.restart();
    this.#options.onFinished(result);
  }
}
