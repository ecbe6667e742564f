/** Replays as the instances of the group know them: one at a time, begun by any instance and followed by all, also through crashes. */
import Type, { type Static } from 'typebox';
import Compile from 'typebox/compile';
import { within } from '../../kafka/bridge/bridge-error.ts';
import type { Note } from '../../kafka/notes/notes.ts';
import { problem } from '../service/problem.ts';
import { Metrics } from './metrics.ts';
import type { Replay } from './replay.ts';

const Offset = Type.Integer();
const Body = Type.Object({
  ids: Type.Array(Type.String()),
  replay: Type.Object({
    id: Type.String(),
    startedAt: Type.String(),
    ranges: Type.Array(Type.Object({ topic: Type.String(), partition: Offset, from: Offset, to: Offset, first: Offset, takeBack: Offset })),
    before: Metrics,
    finishedAt: Type.Optional(Type.String()),
    after: Type.Optional(Metrics),
    identical: Type.Optional(Type.Boolean()),
    first_difference: Type.Optional(
      Type.Union([Type.Object({ field: Type.String(), before: Type.Unknown(), after: Type.Unknown() }), Type.Null()]),
    ),
  }),
});
type Body = Static<typeof Body>;
const isReplay = Compile(Body);

/** The last one that was begun. */
const latestKey = 'replay';
const resultKey = (id: string): string => `replay/${id}`;
const keyPattern = /^replay(\/.*)?$/;

const readBackMs = 10_000;

export class ReplayLog {
  readonly #ids: readonly string[];
  readonly #write: (notes: Note[]) => Promise<void>;
  readonly #known = new Map<string, Replay>();
  #latest: Replay | undefined;
  /** Settled when what this instance wrote comes back, with what was under way then. */
  readonly #awaited = new Map<string, (before: Replay | undefined) => void>();

  /**
   * @param ids of both topics: a replay of topics that were made anew since is none
   * @param write puts notes into the topic, in their order
   */
  constructor(ids: readonly string[], write: (notes: Note[]) => Promise<void>) {
    this.#ids = ids;
    this.#write = write;
  }

  /** The replay under way, or none. */
  get underWay(): Replay | undefined {
    return this.#latest?.finishedAt === undefined ? this.#latest : undefined;
  }

  find(id: string): Replay | undefined {
    return this.#known.get(id);
  }

  /** @returns whether the key is one of a replay, whatever the body */
  take(key: string, body: unknown): boolean {
    if (!keyPattern.test(key)) return false;
    if (!isReplay.Check(body) || JSON.stringify(body.ids) !== JSON.stringify(this.#ids)) return true;
    const replay = body.replay as Replay;
    this.#known.set(replay.id, replay);
    if (key !== latestKey) return true;
    const before = this.underWay;
    this.#latest = replay;
    this.#awaited.get(replay.id)?.(before);
    return true;
  }

  /**
   * Begins a replay for all instances. Of two that are begun at once the first one stays.
   * @throws HttpProblem 409 where one is under way, 503 where the topic does not take it
   */
  async begin(replay: Replay): Promise<void> {
    const other = await this.#writeLatest(replay);
    if (!other || other.id === replay.id) return;
    await this.#writeLatest(other);
    throw problem(409, 'Replay under way', `a replay runs (GET /replay/${other.id}): wait until it is over`);
  }

  /** Ends the replay under way for all instances. */
  async finish(result: Replay): Promise<void> {
    await this.#writeLatest(result, [{ key: resultKey(result.id), body: this.#body(result) }]);
  }

  async #writeLatest(replay: Replay, first: Note[] = []): Promise<Replay | undefined> {
    const { promise, resolve } = Promise.withResolvers<Replay | undefined>();
    this.#awaited.set(replay.id, resolve);
    try {
      await this.#write([...first, { key: latestKey, body: this.#body(replay) }]);
      return await within('read back what was written of the replay', readBackMs, () => promise);
    } catch (error) {
      throw problem(503, 'Service Unavailable', `the replay could not be noted: ${(error as Error).message}`, {
        headers: { 'retry-after': '5' },
      });
    } finally {
      this.#awaited.delete(replay.id);
    }
  }

  #body(replay: Replay): Body {
    return { ids: [...this.#ids], replay } as Body;
  }
}
