/** Runs replays on the live view: takes requests from HTTP, acts between two batches, and goes by what all instances know of the one under way. */
import { type PartitionOffset, partitionKey } from '../../kafka/partition.ts';
import { problem } from '../service/problem.ts';
import type { Source } from './answer-source.ts';
import type { Rewind } from './find-starts.ts';
import type { LiveLook } from './live-metrics.ts';
import type { Metrics } from './metrics.ts';
import { finished, isComplete, newReplay, type Replay, type ReplayRange, whatLacks } from './replay.ts';
import type { ReplayLog } from './replay-log.ts';
import type { ViewLoop } from './view-loop.ts';
import type { ViewStore } from './view-store.ts';

export type ReplayerOptions<Target> = {
  log: ReplayLog;
  store: Pick<ViewStore, 'readings' | 'setReading'>;
  source: () => Source;
  /** Where every partition ends, for readers of committed records. */
  ends: () => Promise<PartitionOffset[]>;
  /** Says what to read again, given where the view is. */
  ranges: (target: Target, positions: readonly PartitionOffset[]) => Promise<ReplayRange[]>;
  look: () => Promise<LiveLook>;
  onStarted: (replay: Replay) => void;
  onFinished: (replay: Replay) => void;
};

type Request<Target> = {
  target: Target;
  answer: PromiseWithResolvers<Replay>;
  /** What the log held when it was asked for; undefined until that is known. */
  ends?: PartitionOffset[];
  isBegun?: boolean;
};

/** A view that has just been taken over, or that has a burst to count, is whole in a moment: a request waits that long for it (ms). */
const patienceMs = 8_000;

export class Replayer<Target> {
  readonly #options: ReplayerOptions<Target>;
  #requested: Request<Target> | undefined;
  #wasAssigned = false;
  /** The replay that holds this instance back. */
  #heldBy: Replay | undefined;

  constructor(options: ReplayerOptions<Target>) {
    this.#options = options;
  }

  get underWay(): Replay | undefined {
    return this.#options.log.underWay;
  }

  /**
   * A replay that is over holds back until `step` has this instance read on from where it stopped: it ends while a batch is on its way, and one that
   * was taken whole would carry positions beyond the records that the last one left out.
   *
   * @returns up to where each partition that was taken back may be read now, by `partitionKey`; undefined where nothing is held back
   */
  limits(): ReadonlyMap<string, number> | undefined {
    const { readings } = this.#options.store;
    const replays = [this.#heldBy, this.underWay].filter((replay) => replay !== undefined);
    if (replays.length === 0) return undefined;
    return new Map(
      replays.flatMap((replay) => replay.ranges.filter(isOf(replay, readings)).map((range) => [partitionKey(range), range.to] as const)),
    );
  }

  /**
   * @param target where to start
   * @returns the replay, as soon as the view is taken back: when it holds all that the log held when it was asked for, of every partition
   * @throws HttpProblem 409 while one runs or is about to, or where the view is not whole in time; 503 while Kafka is away
   */
  async request(target: Target): Promise<Replay> {
    if (this.underWay || this.#requested) {
      const which = this.underWay ? ` (GET /replay/${this.underWay.id})` : '';
      throw problem(409, 'Replay under way', `a replay runs${which}: wait until it is over`);
    }
    const request: Request<Target> = { target, answer: Promise.withResolvers<Replay>() };
    this.#requested = request;
    const timer = setTimeout(() => this.#refuse(request), patienceMs);
    this.#options.ends().then(
      (ends) => {
        request.ends = ends;
      },
      (error) => request.answer.reject(unavailable(`Kafka does not tell where the log ends: ${(error as Error).message}`, 5)),
    );
    try {
      return await request.answer.promise;
    } finally {
      clearTimeout(timer);
      if (this.#requested === request) this.#requested = undefined;
    }
  }

  /** Call when the loop has ended: what was requested and never begun is refused. */
  close(): void {
    this.#requested?.answer.reject(unavailable('analytics-service is stopping', 1));
  }

  /** Call between two batches: starts what was requested, follows what another instance began, ends what is complete. */
  async step(loop: ViewLoop): Promise<void> {
    this.#wasAssigned = loop.wasAssigned;
    const request = this.#requested;
    if (request && this.#whyNot(request, this.#options.source()) === undefined) {
      await this.#start(request, loop).catch(request.answer.reject);
    }
    await this.#takeBack(loop);
    if (this.underWay) await this.#finish(this.underWay, loop);
    await this.#goOn(loop);
  }

  /** @returns why a replay may not begin on this source; undefined where it may */
  #whyNot({ ends }: Request<Target>, source: Source): string | undefined {
    if (!this.#wasAssigned) return 'this instance was not told yet which partitions it reads';
    return ends ? whatLacks(source, ends) : 'Kafka has not told yet where the log ends';
  }

  #refuse(request: Request<Target>): void {
    if (request.isBegun) return;
    const why = this.#whyNot(request, this.#options.source()) ?? 'partitions are moving between instances';
    request.answer.reject(problem(409, 'View not whole', `${why}: a replay would prove a part of the log only, so try again in a moment`));
  }

  async #start(request: Request<Target>, loop: ViewLoop): Promise<void> {
    const { log, ranges, look, onStarted } = this.#options;
    // The figures and the positions that they stand for, of one moment: other instances go on.
    const { metrics: before, source } = await look();
    if (this.#requested !== request || this.#whyNot(request, source) !== undefined) return;
    request.isBegun = true;
    const replay = newReplay(await ranges(request.target, positionsOf(before)), before, new Date());
    await log.begin(replay);
    await this.#takeBack(loop);
    onStarted(replay);
    request.answer.resolve(replay);
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
    const { log, source, look, onFinished } = this.#options;
    if (!loop.owned().includes(0) || !isComplete(replay, source())) return;
    // While partitions move another source may answer by now: what is compared must itself have been read again.
    const { metrics: after, source: of } = await look();
    if (of.missing.length > 0 || !isComplete(replay, of)) return;
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

const unavailable = (detail: string, afterSec: number): Error =>
  problem(503, 'Service Unavailable', detail, { headers: { 'retry-after': `${afterSec}` } });

const isOf =
  (replay: Replay, readings: ReadonlyMap<number, string>) =>
  ({ partition }: ReplayRange): boolean =>
    readings.get(partition) === replay.id;

const positionsOf = ({ position }: Metrics): PartitionOffset[] =>
  Object.entries(position).flatMap(([topic, partitions]) =>
    Object.entries(partitions).map(([partition, offset]) => ({ topic, partition: Number(partition), offset })),
  );
