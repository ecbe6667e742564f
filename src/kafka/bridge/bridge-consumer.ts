/** A consumer that gives a batch of records as one block of memory; rebalances are handed out between batches. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Partition, PartitionOffset } from '../partition.ts';
import { bridgeError, toProjectError, within } from './bridge-error.ts';
import {
  type BridgeConfig,
  type Metadata,
  type Notice,
  openConsumer,
  type PartitionAnswer,
  type RawConsumer,
  type Rebalance,
} from './load.ts';
import { RecordBatch } from './record-batch.ts';

export type BatchLimits = {
  maxRecords: number;
  /** Bytes of keys and values, about: how many records to take at once follows from the size of those before. */
  maxBytes: number;
  withinMs: number;
  /** Come back sooner, when the end of a partition was seen and nothing more is ready. */
  untilEnd?: boolean;
};

/** LEADER_NOT_AVAILABLE, NOT_LEADER_FOR_PARTITION. */
const withoutLeader = new Set([5, 6]);
const askAgainMs = 100;
const marginMs = 10_000;
const timeoutMs = 10_000;
const closeDeadlineMs = 10_000;

/**
 * Blocks neither JavaScript nor libuv's pool: each consumer has threads of its own. Calls other than `consume` are done one after the other,
 * and beside a `consume` that waits.
 */
export class BridgeConsumer implements AsyncDisposable {
  /** For the producer of the same bridge. */
  readonly raw: RawConsumer;
  #closed: Promise<void> | undefined;

  /**
   * @param config librdkafka's configuration, with `group.id`
   * @param options `headers`: whether records have their headers; `onNotice`: log lines and errors of the client as a whole
   * @throws ReplaygroundError `kafka-error` for a configuration that librdkafka refuses
   */
  constructor(
    config: BridgeConfig,
    { headers = true, onNotice = () => {} }: { headers?: boolean; onNotice?: (notice: Notice) => void } = {},
  ) {
    try {
      this.raw = openConsumer({ 'check.crcs': true, ...config }, headers, onNotice);
    } catch (error) {
      throw toProjectError('configure the client', error);
    }
  }

  /** Joins the group; its rebalances come with the batches. */
  subscribe(topics: readonly string[]): Promise<void> {
    return within('subscribe', timeoutMs, () => this.raw.subscribe(topics.map((topic) => ({ topic, partition: -1 }))));
  }

  /** Reads until a limit is reached, a rebalance comes, or `wake` is called; also less, or nothing. One call at a time. */
  async consume({ maxRecords, maxBytes, withinMs, untilEnd = false }: BatchLimits): Promise<RecordBatch> {
    return new RecordBatch(await within('consume', withinMs + marginMs, () => this.raw.consume(maxRecords, maxBytes, withinMs, untilEnd)));
  }

  /** The read under way, or else the next one, comes back at once. */
  wake(): void {
    this.raw.wake();
  }

  /**
   * Answers a rebalance, by the call that its protocol wants; until then the group waits.
   * @param offsets where to read an assignment from: an offset, or none for the committed one; not needed for a revocation
   */
  answer({ kind, protocol, partitions }: Rebalance, offsets: readonly (Partition & { offset?: number })[] = partitions): Promise<void> {
    if (protocol !== 'COOPERATIVE') return kind === 'assign' ? this.assign(offsets) : this.unassign();
    return within('answer a rebalance', timeoutMs, () =>
      kind === 'assign' ? this.raw.assign('incremental-assign', offsets) : this.raw.assign('incremental-unassign', partitions),
    );
  }

  /** Reads these partitions and no others, from these offsets. */
  assign(offsets: readonly (Partition & { offset?: number })[]): Promise<void> {
    return within('assign partitions', timeoutMs, () => this.raw.assign('assign', offsets));
  }

  /** Begins again with some of the partitions, in a group that moves single ones: what `assign` does for all. */
  assignAnew(offsets: readonly PartitionOffset[]): Promise<void> {
    return within('assign partitions anew', timeoutMs, async () => {
      await this.raw.assign('incremental-unassign', offsets);
      await this.raw.assign('incremental-assign', offsets);
    });
  }

  unassign(): Promise<void> {
    return within('give partitions up', timeoutMs, () => this.raw.assign('unassign', []));
  }

  pause(partitions: readonly Partition[]): Promise<PartitionAnswer[]> {
    return within('pause partitions', timeoutMs, () => this.raw.withPartitions('pause', partitions, 0));
  }

  resume(partitions: readonly Partition[]): Promise<PartitionAnswer[]> {
    return within('resume partitions', timeoutMs, () => this.raw.withPartitions('resume', partitions, 0));
  }

  /** Reads on from these offsets; records that are ready already are dropped. */
  seek(offsets: readonly PartitionOffset[]): Promise<PartitionAnswer[]> {
    return within('seek', timeoutMs * 2, () => this.raw.withPartitions('seek', offsets, timeoutMs));
  }

  /** The offset behind the last record handed out; -1001 where there was none. */
  positions(partitions: readonly Partition[]): Promise<PartitionAnswer[]> {
    return within('read the positions', timeoutMs, () => this.raw.withPartitions('position', partitions, 0));
  }

  /**
   * What the group has committed. A reader of committed records waits for transactions under way (KIP-447, `require_stable`).
   * @returns offset (-1001: none) and metadata; `code` and `text` where the broker answered with an error
   */
  committed(partitions: readonly Partition[], waitMs = timeoutMs): Promise<PartitionAnswer[]> {
    return within('read the committed offsets', waitMs + marginMs, () => this.raw.withPartitions('committed', partitions, waitMs));
  }

  /** Settles when the broker has them. The offset is that of the next record to read. */
  commit(offsets: readonly (PartitionOffset & { metadata?: string })[]): Promise<PartitionAnswer[]> {
    return within('commit offsets', timeoutMs * 2, () => this.raw.withPartitions('commit', offsets, 0));
  }

  /**
   * First offset and end; for a reader of committed records the end is the last stable offset. Asked from the broker, again where it does not
   * lead the partition yet or any more: a member of a group can be given partitions of a topic before they have a leader (KIP-848).
   */
  async watermarks({ topic, partition }: Partition, waitMs = timeoutMs): Promise<{ low: number; high: number }> {
    const end = Date.now() + waitMs;
    for (;;) {
      try {
        return await within(`ask for the end of ${topic}/${partition}`, waitMs + marginMs, () =>
          this.raw.watermarks(topic, partition, waitMs),
        );
      } catch (error) {
        if (!withoutLeader.has(bridgeError(error)?.code ?? 0) || Date.now() > end) throw error;
      }
      await sleep(askAgainMs);
    }
  }

  /** @param times `offset` is a time (epoch ms) @returns the first offset at or after it; -1: the end */
  offsetsForTimes(times: readonly PartitionOffset[], waitMs = timeoutMs): Promise<PartitionAnswer[]> {
    return within('look up offsets by time', waitMs + marginMs, () => this.raw.withPartitions('times', times, waitMs));
  }

  /** @returns the cluster's brokers and id, and the topic's partitions. Also the way to see that Kafka is there. */
  metadata(topic: string | null, waitMs = timeoutMs): Promise<Metadata> {
    return within('ask for metadata', waitMs + marginMs, () => this.raw.metadata(topic, waitMs));
  }

  /** Leaves the group. Idempotent; a read under way comes back, calls that did not begin are rejected. */
  close(): Promise<void> {
    this.#closed ??= within('leave the group', closeDeadlineMs, () => this.raw.close());
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
