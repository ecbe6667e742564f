/** A member of a share group (KIP-932) that gives a batch of records as one block of memory, and takes their acknowledgements as one. */
import { ReplaygroundError } from '../errors.ts';
import { toProjectError, within } from './bridge-error.ts';
import {
  type BridgeConfig,
  type Notice,
  openShareConsumer,
  type PartitionAnswer,
  type RawShareBatch,
  type RawShareConsumer,
} from './load.ts';
import { RecordBatch } from './record-batch.ts';

/** What becomes of a delivered record, by librdkafka's numbers; 0 is "not yet". */
export const acknowledgement = { accept: 1, release: 2, reject: 3 } as const;
export type Acknowledgement = keyof typeof acknowledgement;

const marginMs = 10_000;
const timeoutMs = 10_000;
/** A poll under way comes back within a fifth of a second; leaving takes librdkafka up to `socket.timeout.ms`. */
const closeDeadlineMs = 10_000;
const socketTimeoutMs = 8000;

/**
 * Over the preview of librdkafka 2.15. What that cannot do: wake up a poll, extend a record's lock (RENEW of KIP-1222), ask more than one broker at a
 * time, give exactly as many records as `max.poll.records` says (it gives whole batches of the producer). Calls are done one after the other, on a
 * thread of the consumer's own.
 */
export class BridgeShareConsumer implements AsyncDisposable {
  readonly #raw: RawShareConsumer;
  #closed: Promise<void> | undefined;

  /**
   * @param config librdkafka's configuration, with `group.id`; `auto.offset.reset`, `isolation.level` and the like are the group's, on the broker
   * @param options `headers`: whether records have their headers; `onNotice`: log lines and errors of the client as a whole
   * @throws ReplaygroundError `kafka-error` for a configuration that librdkafka refuses
   */
  constructor(
    config: BridgeConfig,
    { headers = true, onNotice = () => {} }: { headers?: boolean; onNotice?: (notice: Notice) => void } = {},
  ) {
    try {
      const own = { 'check.crcs': true, 'socket.timeout.ms': socketTimeoutMs, 'share.acknowledgement.mode': 'explicit' };
      this.#raw = openShareConsumer({ ...own, ...config }, headers, onNotice);
    } catch (error) {
      throw toProjectError('configure the client', error);
    }
  }

  /** Joins the group, by topics' exact names. */
  subscribe(topics: readonly string[]): Promise<void> {
    return within('subscribe', timeoutMs, () => this.#raw.subscribe(topics.map((topic) => ({ topic, partition: -1 }))));
  }

  /**
   * The next records, each under a lock of this member. All of the batch before must be acknowledged.
   * @param withinMs comes back empty after so long
   * @throws ReplaygroundError `kafka-error`; `share-groups` where the broker does not speak them, once: afterwards the client gives nothing
   */
  async poll(withinMs: number): Promise<ShareBatch> {
    const polled = within('poll a share group', withinMs + marginMs, () => this.#raw.poll(withinMs));
    return new ShareBatch(
      await polled.catch((error: Error) => {
        throw shareGroupsUnknown(error.message) ?? error;
      }),
    );
  }

  /**
   * Says what becomes of records of the last batch, and returns once the broker has answered. Those that could not be opened are rejected along.
   * @param types of each record of the batch a number of `acknowledgement`; 0 leaves it to a later call
   * @returns an answer for each partition. With a `code` the broker kept none of what was said of that partition: the lock was over
   *   (INVALID_RECORD_STATE, 121), or the session; the records are delivered again.
   * @throws ReplaygroundError `kafka-error`, `kafka-deadline`
   */
  acknowledge(types: Uint8Array, waitMs = timeoutMs): Promise<PartitionAnswer[]> {
    return within('commit acknowledgements', waitMs + marginMs, () => this.#raw.acknowledge(types, waitMs));
  }

  /** Leaves the group. What was not acknowledged is free for others at once. Idempotent; a poll under way comes back. */
  close(): Promise<void> {
    this.#closed ??= within('leave the share group', closeDeadlineMs, () => this.#raw.close());
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

function shareGroupsUnknown(text: string): ReplaygroundError | undefined {
  if (!/ShareGroupHeartbeat.*API version not supported/.test(text)) return undefined;
  const message = `this Kafka does not speak share groups (KIP-932: Kafka 4.2 or newer, share.version=1): ./lab kafka features describe (${text})`;
  return new ReplaygroundError('share-groups', message);
}

/** Records of a share group: in the order of each partition, with gaps where others have them. */
export class ShareBatch extends RecordBatch {
  readonly #deliveryCounts: Int32Array;

  constructor({ deliveryCounts, ...batch }: RawShareBatch) {
    super({ ...batch, ends: [], rebalances: [] });
    this.#deliveryCounts = deliveryCounts;
  }

  /** How often the record was delivered, this time included: 1 at first. */
  deliveryCount(i: number): number {
    return this.#deliveryCounts[i] as number;
  }
}
