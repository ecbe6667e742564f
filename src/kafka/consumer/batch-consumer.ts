/** A member of a consumer group that is asked for the next batch: rebalances happen between batches, never within one. */

import { errorOfCode } from '../admin/with-deadline.ts';
import type { BatchLimits, BridgeConsumer } from '../bridge/bridge-consumer.ts';
import type { Mark, Rebalance } from '../bridge/load.ts';
import { reachConsumer } from '../bridge/reach.ts';
import type { RecordBatch } from '../bridge/record-batch.ts';
import type { ClientConfig } from '../client/connect.ts';
import { type DeletedUnread, goOnAt } from '../groups/deleted-unread.ts';
import { isSamePartition, type Partition, type PartitionOffset, partitionKey } from '../partition.ts';
import { committedReads } from '../reading/read-to-end.ts';
import { seekWhenFetching } from '../reading/seek-when-fetching.ts';
import { StallWatch, type Unread } from '../stalls/stall-watch.ts';
import { StandingPartitions } from '../stalls/standing-partitions.ts';
import { isUnreadable } from '../stalls/unreadable.ts';
import type { GroupCallbacks } from './group-callbacks.ts';
import { type GroupProtocol, membershipConfig, protocolUnknown } from './group-protocol.ts';
import { OwnedPartitions, type Start, type UnderWay } from './owned-partitions.ts';

/** What was read, and how far each partition was read: past control records, where its end was seen. */
export type Batch = { records: RecordBatch; positions: PartitionOffset[] };

/** _AUTO_OFFSET_RESET: the next offset of a partition is not in its log. */
const outOfRange = -140;
/** UNKNOWN_TOPIC_OR_PARTITION: somebody deleted the topic. There is nothing to read until it is made again, see `TopicWatch`. */
const unknownTopic = 3;
/** Logical offset of the end (librdkafka RD_KAFKA_OFFSET_END). */
const logEnd = -1;
/** After so long without a record the broker is asked whether there is one; twice the same answer is a stall (ms). */
const defaultSilenceMs = 15_000;

export class BatchConsumer implements AsyncDisposable {
  readonly client: BridgeConsumer;
  readonly #callbacks: GroupCallbacks;
  readonly #owned = new OwnedPartitions();
  readonly #standing: StandingPartitions;
  readonly #stall: StallWatch;
  /** Rebalances that the client waits for, in order. */
  #steps: Rebalance[] = [];
  #paused = false;
  /** Whether the group moves single partitions, so that the rest of the assignment stays as it is. */
  #incremental = false;

  private constructor(client: BridgeConsumer, callbacks: GroupCallbacks, silenceMs: number) {
    this.client = client;
    this.#callbacks = callbacks;
    this.#standing = new StandingPartitions((unreadable) => callbacks.onUnreadable?.(unreadable));
    this.#stall = new StallWatch(silenceMs);
  }

  /**
   * Joins the group.
   * @param config librdkafka's configuration with `group.id`
   * @param topics what to subscribe to
   * @param callbacks called between batches
   * @param options `silenceMs`: after how long without a record the broker is asked whether there is one; `protocol`: `classic` by default
   * @throws ReplaygroundError `kafka-unreachable`; `kafka-error`
   */
  static async join(
    config: ClientConfig,
    topics: readonly string[],
    callbacks: GroupCallbacks,
    { silenceMs = defaultSilenceMs, protocol = 'classic' }: { silenceMs?: number; protocol?: GroupProtocol | undefined } = {},
  ): Promise<BatchConsumer> {
    const client = await reachConsumer({
      ...committedReads,
      // By itself the client would jump over what was deleted, without a word: see `#stepOver`.
      'auto.offset.reset': 'error',
      ...membershipConfig(protocol),
      // So long a rebalance waits for a member that does not join, and it may be a dead one: a broker that came back after kill -9 was seen
      // to load a group without the session timers of its members (the client's default: 5 minutes). The longest throttle is 60 s.
      'max.poll.interval.ms': 90_000,
      // A batch or two, see `connectReader`.
      'queued.max.messages.kbytes': 4096,
      'fetch.message.max.bytes': 65_536,
      'fetch.wait.max.ms': 100,
      ...config,
    });
    await client.subscribe(topics);
    return new BatchConsumer(client, callbacks, silenceMs);
  }

  /** The partitions this member owns now. */
  get assigned(): readonly Partition[] {
    return this.#owned.all;
  }

  /** These are committed: what was handed out before them is not under way any more. */
  committed(positions: readonly PartitionOffset[]): void {
    this.#owned.committedTo(positions);
  }

  /** What was handed out and is not committed, of each owned partition: after a crash it is read again. */
  get underWay(): UnderWay[] {
    return this.#owned.underWay;
  }

  /**
   * Reads the next batch of the current assignment.
   * @param limits when it is full: records, bytes, or milliseconds since the call
   * @param signal ends it at once, also while partitions are taken over: their offsets may wait for the transaction of somebody who is
   *   gone. The consumer is of no use then, but to be disposed of.
   * @returns what was read; undefined where a rebalance came in between, or the signal
   * @throws ReplaygroundError `kafka-error`, `kafka-deadline`, `stalled`
   */
  next(limits: BatchLimits, signal: AbortSignal): Promise<Batch | undefined> {
    if (signal.aborted) return Promise.resolve(undefined);
    const { promise, resolve, reject } = Promise.withResolvers<Batch | undefined>();
    const stop = (): void => resolve(undefined);
    signal.addEventListener('abort', stop, { once: true });
    this.#read(limits)
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', stop));
    return promise;
  }

  async #read(limits: BatchLimits): Promise<Batch | undefined> {
    await this.#rebalance();
    await this.#tryUnreadableAgain();
    const records = await this.client.consume(limits);
    this.#steps.push(...records.rebalances);
    // Whoever owns the partitions next reads these records again. Where single partitions move nobody would read the rest again: they are
    // still owned until the step is answered, which is after this batch.
    if (this.#steps.some((step) => step.lost || !isIncremental(step))) return undefined;
    const positions = records.nextOffsets();
    this.#owned.readTo(positions);
    await this.#meet(records.errors);
    await this.#watchForStall(positions.length > 0);
    this.#standing.forgetRead((one) => this.#owned.positionOf(one));
    return { records, positions };
  }

  /** Stops or goes on fetching, as a member of the group all the while. */
  async setPaused(paused: boolean): Promise<void> {
    if (paused === this.#paused) return;
    this.#paused = paused;
    this.#stall.heard();
    if (paused) await this.#pause(this.#owned.all);
    else await this.#resume(this.#owned.all.filter((one) => !this.#isLeftOut(one)));
  }

  /** Partitions that are held, see `Start`. */
  get held(): Partition[] {
    return this.#owned.held;
  }

  /** Reads partitions that were held. */
  async release(partitions: readonly Partition[]): Promise<void> {
    this.#owned.release(partitions);
    this.#stall.heard();
    if (!this.#paused) await this.#resume(partitions);
  }

  /**
   * Records already handed out stay handed out.
   * @param offsets where to read on: all owned partitions
   * @param ended those of them that the client has given up reading, as it does where an offset is not in the log
   */
  async restartAt(offsets: readonly PartitionOffset[], ended: readonly Partition[] = []): Promise<void> {
    const hasEnded = (one: Partition): boolean => ended.some((other) => isSamePartition(one, other));
    if (!this.#incremental) await this.client.assign(offsets);
    else {
      await seekWhenFetching(
        this.client,
        offsets.filter((one) => !hasEnded(one)),
      );
      if (ended.length > 0) await this.client.assignAnew(offsets.filter(hasEnded));
    }
    this.#owned.restartAt(offsets);
    this.#stall.heard();
    await this.#pause(this.#owned.all.filter((one) => this.#paused || this.#isLeftOut(one)));
  }

  /** Leaves the group. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.close();
  }

  async #rebalance(): Promise<void> {
    for (let step = this.#steps.shift(); step !== undefined; step = this.#steps.shift()) {
      this.#incremental = isIncremental(step);
      if (step.kind === 'assign') await this.#takeOver(step);
      else await this.#giveUp(step);
    }
  }

  async #giveUp(step: Rebalance): Promise<void> {
    const gone = this.#incremental ? step.partitions : this.#owned.all;
    const kept = this.#owned.all.filter((one) => !gone.some((other) => isSamePartition(one, other)));
    await this.#callbacks.onRevoked(this.#incremental ? kept : undefined);
    this.#keep(kept);
    await this.client.answer(step);
    // A pause outlives the assignment.
    await this.#resume(gone);
  }

  async #takeOver(step: Rebalance): Promise<void> {
    const given = step.partitions.map(({ topic, partition }) => ({ topic, partition }));
    // The new protocol ends a change with an assignment of nothing where a member only gave partitions up.
    if (this.#incremental && given.length === 0) return await this.client.answer(step);
    const starts = await this.#settled(await this.#callbacks.onAssigned(given));
    this.#keep(this.#incremental ? [...this.#owned.all] : []);
    this.#owned.take(starts);
    this.#stall.heard();
    // The client must have been given all that it will be asked to give up: what is not to be read waits at its end.
    const unread = this.#incremental ? given.filter((one) => !starts.some((start) => isSamePartition(one, start))) : [];
    await this.client.answer(step, [...starts, ...unread.map((one) => ({ ...one, offset: logEnd }))]);
    await this.#pause([...starts.filter((one) => this.#paused || this.#isLeftOut(one)), ...unread]);
  }

  /** "The beginning" is an offset from here on: what is deleted after this moment is deleted unread. */
  #settled(starts: readonly Start[]): Promise<Start[]> {
    return Promise.all(
      starts.map(async (start) => (start.offset < 0 ? { ...start, offset: (await this.client.watermarks(start)).low } : start)),
    );
  }

  /** Forgets all but these of the owned partitions. */
  #keep(kept: Partition[]): void {
    this.#owned.keep(kept);
    this.#standing.keep(kept);
  }

  #isLeftOut(one: Partition): boolean {
    return this.#owned.isHeld(one) || this.#standing.has(one);
  }

  /** What could not be read: each error is about one partition, and no other is held up by it. */
  async #meet(errors: readonly Mark[]): Promise<void> {
    const met = errors.filter(({ code }) => code !== unknownTopic);
    const other = met.find(({ code }) => code !== outOfRange && !isUnreadable(code));
    if (other) throw protocolUnknown(other.text) ?? errorOfCode(`consume${other.topic && ` ${partitionKey(other)}`}`, other);
    await this.#standAt(met.filter(({ code }) => isUnreadable(code)));
    const gone = met.filter(({ code }) => code === outOfRange);
    if (gone.length > 0) await this.#stepOver(gone);
  }

  /** Goes on where the log is, and tells what was gone before it was read. */
  async #stepOver(gone: readonly Partition[]): Promise<void> {
    const deletions: DeletedUnread[] = [];
    const starts: PartitionOffset[] = [];
    for (const { topic, partition, offset: at } of this.#owned.positions) {
      const { low: first, high: end } = await this.client.watermarks({ topic, partition });
      const { offset, deleted } = goOnAt(at, { first, end });
      if (deleted) deletions.push({ topic, partition, ...deleted });
      starts.push({ topic, partition, offset });
    }
    if (deletions.length > 0) await this.#callbacks.onDeleted?.(deletions);
    await this.restartAt(starts, gone);
  }

  /** Leaves the partitions unread whose next batch cannot be opened. */
  async #standAt(errors: readonly Mark[]): Promise<void> {
    const keys = new Set(errors.map(partitionKey));
    const found = this.#owned.positions
      .filter((one) => keys.has(partitionKey(one)) && !this.#isLeftOut(one))
      .map((one) => ({ ...one, cause: errors.find((error) => isSamePartition(error, one))?.text ?? '' }));
    if (found.length === 0) return;
    await this.#pause(found);
    this.#standing.add(found);
  }

  /** Now and then, between two batches, from where each partition is. */
  async #tryUnreadableAgain(): Promise<void> {
    const tried = this.#standing.due();
    if (tried.length === 0) return;
    await this.restartAt(this.#owned.positions);
    // A pause outlives the assignment.
    if (!this.#paused) await this.#resume(tried.filter((one) => !this.#isLeftOut(one)));
  }

  async #pause(partitions: readonly Partition[]): Promise<void> {
    if (partitions.length > 0) await this.client.pause(partitions);
  }

  async #resume(partitions: readonly Partition[]): Promise<void> {
    if (partitions.length > 0) await this.client.resume(partitions);
  }

  async #watchForStall(hasRead: boolean): Promise<void> {
    if (hasRead || this.#paused || this.#owned.all.length === 0) this.#stall.heard();
    await this.#stall.check(() => this.#unread());
  }

  /** The first partition that ends beyond what was read; its end is that of committed records, as for this client. */
  async #unread(): Promise<Unread | undefined> {
    for (const { topic, partition, offset } of this.#owned.positions) {
      if (this.#isLeftOut({ topic, partition })) continue;
      // While Kafka does not answer nothing is known.
      const end = await this.client.watermarks({ topic, partition }).then(
        ({ high }) => high,
        () => 0,
      );
      if (end > offset) return { topic, partition, end };
    }
    return undefined;
  }
}

/** librdkafka's name for protocols by which single partitions move: `cooperative-sticky`, and that of KIP-848. */
const isIncremental = ({ protocol }: Rebalance): boolean => protocol === 'COOPERATIVE';
