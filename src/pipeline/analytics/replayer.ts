/** Runs replays on the live view: takes requests from HTTP, acts between two batches, and goes by what all instances know of the one under way. */
import { type PartitionOffset, partitionKey } from '../../kafka/partition.ts';
import { problem } from '../service/problem.ts';
import type { Rewind } from './find-starts.ts';
import type { Metrics } from './metrics.ts';
import { finished, isComplete, newReplay, type Replay, type ReplayRange } from './replay.ts';
import type { ReplayLog } from './replay-log.ts';
import type { Source } from './source.ts';
import type { ViewLoop } from './view-loop.ts';
import type { ViewStore } from './view-store.ts';

export type ReplayerOptions<Target> = {
  log: ReplayLog;
  store: Pick<ViewStore, 'readings' | 'setReading'>;
  source: () => Source;
  /** Says what to read again, given where the view is. */
  ranges: (target: Target, positions: readonly PartitionOffset[]) => Promise<ReplayRange[]>;
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
  /** The replay that holds this instance back. */
  #heldBy: Replay | undefined;

  constructor(options: ReplayerOptions<Target>) {
    this.#options = options;
  }

  get underWay(): Replay | undefined {
    return this.#options.log.underWay;
  }

  /** @returns up to where each partition that was taken back may be read now, by `partitionKey`; undefined while no replay runs */
  limits(): ReadonlyMap<string, number> | undefined {
    const { readings } = this.#options.store;
    const replay = this.underWay;
    return replay && new Map(replay.ranges.filter(isOf(replay, readings)).map((range) => [partitionKey(range), range.to]));
  }

  /**
   * @param target where to start
   * @returns the replay, as soon as the view is taken back
   * @throws HttpProblem 409 while one runs or is about to, or while some partition is told by nobody
   */
  request(target: Target): Promise<Replay> {
    if (this.underWay || this.#requested) {
      const which = this.underWay ? ` (GET /replay/${this.underWay.id})` : '';
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

  /** Call between two batches: starts what was requested, follows what another instance began, ends what is complete. */
  async step(loop: ViewLoop): Promise<void> {
    if (this.#requested && (this.#canStart(loop) || performance.now() - this.#requested.since > patienceMs)) {
      const { target, answer } = this.#requested;
      await this.#start(target, loop).then(answer.resolve, answer.reject);
      this.#requested = undefined;
    }
    await this.#takeBack(loop);
    if (this.underWay) await this.#finish(this.underWay, loop);
    await this.#goOn(loop);
  }

  #canStart({ wasAssigned }: ViewLoop): boolean {
    return wasAssigned && this.#options.source().missing.length === 0;
  }

  async #start(target: Target, loop: ViewLoop): Promise<Replay> {
    const { log, ranges, metrics, onStarted, source } = this.#options;
    if (!this.#canStart(loop)) {
      const lacking = source().missing.map(({ partition }) => partition);
      const why = lacking.length > 0 ? `nobody tells of partitions ${lacking.join(', ')}` : 'this instance has joined no group yet';
      throw problem(409, 'View not whole', `${why}: try again in a moment`);
    }
    // The figures and the positions that they stand for, of one moment: other instances go on.
    const before = await metrics();
    const replay = newReplay(await ranges(target, positionsOf(before)), before, new Date());
    await log.begin(replay);
    await this.#takeBack(loop);
    onStarted(replay);
    return replay;
  }

  /** Takes back what this instance owns and has not taken back yet: also what it came to own while the replay runs. */
  async #takeBack(loop: ViewLoop): Promise<void> {
    const { store } = this.#options;
    const replay = this.underWay;
    if (!replay) return;
    this.#heldBy = replay;
    const due = new Set(loop.owned().filter((partition) => store.readings.get(partition) !== replay.id));
    if (due.size === 0) return;
    const at = new Map(loop.positions.map((position) => [partitionKey(position), position.offset]));
    const rewinds = replay.ranges
      .filter(({ partition }) => due.has(partition))
      .map(({ topic, partition, from, takeBack }): Rewind => {
        const offset = at.get(partitionKey({ topic, partition })) ?? 0;
        return { topic, partition, offset: Math.min(from, offset), takeBack: Math.min(takeBack, offset) };
      });
    await loop.rewind(rewinds, () => {
      for (const partition of due) store.setReading(partition, replay.id);
    });
  }

  /** One instance compares: the owner of the first partition. It does so again where it dies before the result is noted. */
  async #finish(replay: Replay, loop: ViewLoop): Promise<void> {
    const { log, source, metrics, onFinished } = this.#options;
    if (!loop.owned().includes(0) || !isComplete(replay, source())) return;
    const after = await metrics();
    if (after.missing || replay.ranges.some(({ topic, partition, to }) => after.position[topic]?.[partition] !== to)) return;
    const result = finished(replay, after, new Date());
    const isNoted = await log.finish(result).then(
      () => true,
      // Kafka is away: the view stays where it is, and the next step tries again.
      () => false,
    );
    if (isNoted) onFinished(result);
  }

  /** What was fetched beyond the replay's ends comes again. */
  async #goOn(loop: ViewLoop): Promise<void> {
    if (!this.#heldBy || this.#heldBy.id === this.underWay?.id) return;
    this.#heldBy = undefined;
    await loop.restart();
  }
}

const isOf =
  (replay: Replay, readings: ReadonlyMap<number, string>) =>
  ({ partition }: ReplayRange): boolean =>
    readings.get(partition) === replay.id;

const positionsOf = ({ position }: Metrics): PartitionOffset[] =>
  Object.entries(position).flatMap(([topic, partitions]) =>
    Object.entries(partitions).map(([partition, offset]) => ({ topic, partition: Number(partition), offset })),
  );
