/** A member of a consumer group that is asked for the next batch: rebalances happen between batches, never within one. */

import type { BatchLimits, BridgeConsumer } from './bridge/bridge-consumer.ts';
import type { Mark, Rebalance } from './bridge/load.ts';
import { reachConsumer } from './bridge/reach.ts';
import type { RecordBatch } from './bridge/record-batch.ts';
import type { ClientConfig } from './connect.ts';
import { type DeletedUnread, goOnAt } from './deleted-unread.ts';
import { ReplaygroundError } from './errors.ts';
import { type GroupProtocol, membershipConfig, protocolUnknown } from './group-protocol.ts';
import { isSamePartition, type Partition, type PartitionOffset, partitionKey } from './partition.ts';
import { committedReads } from './read-to-end.ts';
import { seekWhenFetching } from './seek-when-fetching.ts';
import { isUnreadable, retryMs, type Unreadable } from './unreadable.ts';
import { errorOfCode } from './with-deadline.ts';

/** What was read, and how far each partition was read: past control records, where its end was seen. */
export type Batch = { records: RecordBatch; positions: PartitionOffset[] };

/** What a member has of a partition: `fetched` is the offset behind the last record handed out, `committed` what it has committed. */
export type UnderWay = Partition & { fetched: number; committed: number };

/** Where a partition begins; one that is held is owned but not read, until `release`. */
export type Start = PartitionOffset & { held?: boolean };

export type GroupCallbacks = {
  /** Called before the first record of partitions that are new here, which is all of them in the classic protocol: make the state ready and
   *  say where to start, and what is not to be read yet; what is left out is not read at all. */
  onAssigned: (partitions: Partition[]) => Promise<Start[]>;
  /** Called before partitions are given up: finish what is under way. Records handed out later belong to the next assignment. Where single
   *  partitions move (KIP-848), `kept` are those that stay; in the classic protocol the next assignment says what comes. */
  onRevoked: (kept: readonly Partition[] | undefined) => Promise<void>;
  /** Told which partitions stand at a batch that cannot be opened, whenever that may have changed; the others go on. */
  onUnreadable?: ((unreadable: readonly Unreadable[]) => void) | undefined;
  /** Called before reading on behind records that were deleted unread. */
  onDeleted?: ((deletions: readonly DeletedUnread[]) => Promise<void>) | undefined;
};

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
  readonly #silenceMs: number;
  /** Rebalances that the client waits for, in order. */
  #steps: Rebalance[] = [];
  #assigned: Partition[] = [];
  #paused = false;
  /** Partitions that are owned and not read, by `partitionKey`. */
  #held = new Set<string>();
  /** How far each owned partition was read, by `partitionKey`. */
  #positions = new Map<string, number>();
  /** How far the member has committed each of them, by `partitionKey`. */
  #committed = new Map<string, number>();
  /** Partitions that stand at a batch that cannot be opened, and those of them that are being tried again. */
  #unreadable: Unreadable[] = [];
  #tried: Unreadable[] = [];
  #retryAt = 0;
  #silentSince = Date.now();
  #suspected = false;
  /** Whether the group moves single partitions, so that the rest of the assignment stays as it is. */
  #incremental = false;

  private constructor(client: BridgeConsumer, callbacks: GroupCallbacks, silenceMs: number) {
    this.client = client;
    this.#callbacks = callbacks;
    this.#silenceMs = silenceMs;
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
    return this.#assigned;
  }

  /** These are committed: what was handed out before them is not under way any more. */
  committed(positions: readonly PartitionOffset[]): void {
    for (const one of positions) if (this.#positions.has(partitionKey(one))) this.#committed.set(partitionKey(one), one.offset);
  }

  /** What was handed out and is not committed, of each owned partition: after a crash it is read again. */
  get underWay(): UnderWay[] {
    return this.#whereAt(this.#assigned).map(({ topic, partition, offset: fetched }) => ({
      ...{ topic, partition, fetched },
      committed: Math.min(fetched, this.#committed.get(partitionKey({ topic, partition })) ?? fetched),
    }));
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
    for (const position of positions) this.#positions.set(partitionKey(position), position.offset);
    await this.#meet(records.errors);
    await this.#watchForStall(positions.length > 0);
    this.#forgetReadable();
    return { records, positions };
  }

  /** Stops or goes on fetching, as a member of the group all the while. */
  async setPaused(paused: boolean): Promise<void> {
    if (paused === this.#paused) return;
    this.#paused = paused;
    this.#heard();
    if (paused) await this.#pause(this.#assigned);
    else await this.#resume(this.#assigned.filter((one) => !this.#isLeftOut(one)));
  }

  /** Partitions that are held, see `Start`. */
  get held(): Partition[] {
    return this.#assigned.filter((one) => this.#held.has(partitionKey(one)));
  }

  /** Reads partitions that were held. */
  async release(partitions: readonly Partition[]): Promise<void> {
    for (const one of partitions) this.#held.delete(partitionKey(one));
    this.#heard();
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
    this.#positions = new Map(offsets.map((start) => [partitionKey(start), start.offset]));
    this.#committed = new Map(this.#positions);
    this.#heard();
    await this.#pause(this.#assigned.filter((one) => this.#paused || this.#isLeftOut(one)));
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
    const gone = this.#incremental ? step.partitions : this.#assigned;
    const kept = this.#assigned.filter((one) => !gone.some((other) => isSamePartition(one, other)));
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
    this.#keep(this.#incremental ? this.#assigned : []);
    this.#assigned = [...this.#assigned, ...starts.map(({ topic, partition }) => ({ topic, partition }))];
    for (const start of starts) {
      this.#positions.set(partitionKey(start), start.offset);
      this.#committed.set(partitionKey(start), start.offset);
      if (start.held) this.#held.add(partitionKey(start));
    }
    this.#heard();
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
    const keys = new Set(kept.map(partitionKey));
    const isKept = (one: Partition): boolean => keys.has(partitionKey(one));
    this.#assigned = kept;
    this.#positions = new Map([...this.#positions].filter(([key]) => keys.has(key)));
    this.#committed = new Map([...this.#committed].filter(([key]) => keys.has(key)));
    this.#held = new Set([...this.#held].filter((key) => keys.has(key)));
    this.#unreadable = this.#unreadable.filter(isKept);
    this.#tried = this.#tried.filter(isKept);
    this.#callbacks.onUnreadable?.([...this.#unreadable, ...this.#tried]);
  }

  /** @returns the next offset to read of each */
  #whereAt(partitions: readonly Partition[]): PartitionOffset[] {
    return partitions.map(({ topic, partition }) => ({
      topic,
      partition,
      offset: this.#positions.get(partitionKey({ topic, partition })) ?? 0,
    }));
  }

  #isLeftOut(one: Partition): boolean {
    const key = partitionKey(one);
    return this.#held.has(key) || this.#unreadable.some((other) => partitionKey(other) === key);
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
    for (const { topic, partition, offset: at } of this.#whereAt(this.#assigned)) {
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
    const found = this.#whereAt(this.#assigned)
      .filter((one) => keys.has(partitionKey(one)) && !this.#isLeftOut(one))
      .map((one) => ({ ...one, cause: errors.find((error) => partitionKey(error) === partitionKey(one))?.text ?? '' }));
    if (found.length === 0) return;
    await this.#pause(found);
    this.#unreadable.push(...found);
    this.#tried = this.#tried.filter((one) => !keys.has(partitionKey(one)));
    this.#retryAt = Date.now() + retryMs;
    this.#callbacks.onUnreadable?.([...this.#unreadable, ...this.#tried]);
  }

  /** Now and then, between two batches, from where each partition is. */
  async #tryUnreadableAgain(): Promise<void> {
    if (this.#unreadable.length === 0 || Date.now() < this.#retryAt) return;
    this.#tried.push(...this.#unreadable);
    this.#unreadable = [];
    await this.restartAt(this.#whereAt(this.#assigned));
    // A pause outlives the assignment.
    if (!this.#paused) await this.#resume(this.#tried.filter((one) => !this.#isLeftOut(one)));
  }

  #forgetReadable(): void {
    const still = this.#tried.filter((one) => (this.#positions.get(partitionKey(one)) ?? 0) <= one.offset);
    if (still.length === this.#tried.length) return;
    this.#tried = still;
    this.#callbacks.onUnreadable?.([...this.#unreadable, ...still]);
  }

  async #pause(partitions: readonly Partition[]): Promise<void> {
    if (partitions.length > 0) await this.client.pause(partitions);
  }

  async #resume(partitions: readonly Partition[]): Promise<void> {
    if (partitions.length > 0) await this.client.resume(partitions);
  }

  #heard(): void {
    this.#silentSince = Date.now();
    this.#suspected = false;
  }

  /** The client can go on sending heartbeats for a partition that it reads nothing from: then nobody does (librdkafka #5456). */
  async #watchForStall(hasRead: boolean): Promise<void> {
    if (hasRead || this.#paused || this.#assigned.length === 0) this.#heard();
    if (Date.now() - this.#silentSince < this.#silenceMs) return;
    const unread = await this.#unread();
    if (unread && this.#suspected) {
      throw new ReplaygroundError('stalled', `${partitionKey(unread)} has records up to ${unread.end}, but the client gives none`);
    }
    this.#heard();
    this.#suspected = unread !== undefined;
  }

  /** The first partition that ends beyond what was read; its end is that of committed records, as for this client. */
  async #unread(): Promise<(Partition & { end: number }) | undefined> {
    for (const { topic, partition, offset } of this.#whereAt(this.#assigned)) {
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
