/** The topic by which the instances of the group know of each other: parts of the view, the replay under way, and who is there. */
import type { Message } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import Type from 'typebox';
import Compile from 'typebox/compile';
import type { BridgeProducer } from '../../kafka/bridge/bridge-producer.ts';
import type { ClientConfig } from '../../kafka/client/connect.ts';
import { followTopic } from '../../kafka/notes/follow-topic.ts';
import { bodyOf, type Note } from '../../kafka/notes/notes.ts';
import { sendThrough } from '../../kafka/producer/send-records.ts';
import type { PassedOver } from '../../kafka/stalls/unreadable.ts';
import { type PartChange, Parts } from './part.ts';
import { ReplayLog } from './replay-log.ts';
import { WholeView } from './whole-view.ts';

const Here = Type.Object({ by: Type.String() });
const isHere = Compile(Here);
const hereKey = /^here\//;

/**
 * Instances tell that they are there every `tellEveryMs`; one that was not heard of for so long is away: sooner than its
 * partitions go to others, so that no answer passes over it (ms).
 */
export const awayAfterMs = 4_000;
export const tellEveryMs = 1_000;

export type PartsTopicOptions = {
  /** Its `client.id` names the reader. */
  config: ClientConfig;
  topic: string;
  /** Ids of both topics that the view is made of. */
  ids: readonly string[];
  /** This life of this process. */
  by: string;
  /** Opened with `sendingConfig`. */
  producer: BridgeProducer;
  onPassedOver: (one: PassedOver) => void;
};

export class PartsTopic implements AsyncDisposable {
  readonly parts: Parts;
  readonly whole: WholeView;
  readonly replays: ReplayLog;
  /** Called with each part that another life told. */
  onOthersPart: (change: PartChange) => void = () => {};
  readonly #options: PartsTopicOptions;
  #follower: AsyncDisposable | undefined;
  #othersHeardAt = 0;

  private constructor(options: PartsTopicOptions) {
    this.#options = options;
    this.parts = new Parts(options.ids);
    this.whole = new WholeView(this.parts.parts);
    this.replays = new ReplayLog(options.ids, (notes) => this.write(notes));
  }

  /** @returns when all that was told so far is known */
  static async start(options: PartsTopicOptions): Promise<PartsTopic> {
    const parts = new PartsTopic(options);
    const { config, topic, onPassedOver } = options;
    const onRecords = (records: Message[]): void => {
      for (const record of records) parts.#take(record);
    };
    parts.#follower = await followTopic(config, { topic, onRecords, onPassedOver });
    return parts;
  }

  /**
   * Writes in this order.
   * @throws ReplaygroundError `kafka-error`, `kafka-deadline`, `kafka-unreachable` where the broker does not have all of them
   */
  async write(notes: readonly Note[]): Promise<void> {
    const { topic, producer } = this.#options;
    const records = notes.map(({ key, body }) => ({
      topic,
      partition: 0,
      key: Buffer.from(key),
      value: Buffer.from(JSON.stringify(body)),
    }));
    const error = (await sendThrough(producer, records)).find((one) => one !== undefined);
    if (error) throw error;
  }

  /** @returns whether another instance told anything lately */
  hasOthers(nowMs: number): boolean {
    return nowMs - this.#othersHeardAt <= awayAfterMs;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#follower?.[Symbol.asyncDispose]();
  }

  #take(record: Message): void {
    const key = record.key?.toString() ?? '';
    const body = bodyOf(record);
    // What stood in the topic at the start is as old as it says.
    const heardAt = this.#follower ? Date.now() : Math.min(Date.now(), record.timestamp ?? 0);
    if (hereKey.test(key)) {
      if (isHere.Check(body) && body.by !== this.#options.by) this.#othersHeardAt = heardAt;
      return;
    }
    if (this.replays.take(key, body)) return;
    const change = this.parts.take(key, body, heardAt);
    if (!change) return;
    this.whole.take(change);
    if (change.part.by === this.#options.by && !change.part.isBroken) return;
    if (change.part.by !== this.#options.by) this.#othersHeardAt = heardAt;
    this.onOthersPart(change);
  }
}
