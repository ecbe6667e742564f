/** Watches the topics of a service while it runs: one that was deleted and made anew, or was given partitions, is noticed in seconds. */

import type { BridgeConsumer } from '../bridge/bridge-consumer.ts';
import { reachConsumer } from '../bridge/reach.ts';
import type { ClientConfig } from '../client/connect.ts';
import { ReplaygroundError } from '../errors.ts';
import { type TopicFacts, topicChange } from './topic-change.ts';

const everyMs = 1000;
/** A broker that has just come back may not know all topics for a moment. */
const looksUntilGone = 3;
/**
 * How librdkafka tells a topic id (2.15.1, syslog's `debug`): its metadata call leaves it out, and an admin client, which would tell, can
 * abort the process while a broker goes away (#4605).
 */
const idLine = /Topic (\S+) changed id from \S+ to (\S+)$/;
const logDebug = 7;

/** `remade`: nothing but ours stands in it and each start makes it, so its absence is no reason to wait. */
export type WatchedTopic = TopicFacts & { remade?: boolean };

export class TopicWatch implements AsyncDisposable {
  /** Rejects with `topic-made-anew`, `topic-grown` or `topic-gone`; never resolves. */
  readonly changed: Promise<never>;
  readonly #client: BridgeConsumer;
  readonly #known: readonly WatchedTopic[];
  readonly #ids: ReadonlyMap<string, string>;
  readonly #onGone: (topic: string) => void;
  /** In how many looks in a row a topic was not there. */
  readonly #gone = new Map<string, number>();
  readonly #change = Promise.withResolvers<never>();
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  private constructor(
    client: BridgeConsumer,
    ids: ReadonlyMap<string, string>,
    known: readonly WatchedTopic[],
    onGone: (topic: string) => void,
  ) {
    this.#client = client;
    this.#ids = ids;
    this.#known = known;
    this.#onGone = onGone;
    this.changed = this.#change.promise;
    this.changed.catch(() => {});
  }

  /**
   * @param config librdkafka's configuration; its `client.id` names the client
   * @param known the topics as the process knows them
   * @param onGone told once of a topic that was deleted, and is waited for
   * @throws ReplaygroundError `kafka-unreachable`
   */
  static async start(config: ClientConfig, known: readonly WatchedTopic[], onGone: (topic: string) => void): Promise<TopicWatch> {
    const ids = new Map<string, string>();
    const telling = { ...config, 'group.id': `${config['client.id']}`, debug: 'topic', log_level: logDebug };
    const client = await reachConsumer(telling, {
      onNotice: ({ text }) => {
        const [, topic, id] = idLine.exec(text) ?? [];
        // librdkafka writes ids in the other alphabet of base64 (RFC 4648, sections 4 and 5).
        if (topic && id) ids.set(topic, id.replaceAll('+', '-').replaceAll('/', '_'));
      },
    });
    const watch = new TopicWatch(client, ids, known, onGone);
    watch.#keepLooking();
    return watch;
  }

  /**
   * Looks now. The numbers of partitions are those of this moment; an id may be told a moment later, through `changed`.
   * @param only this topic, where it is given
   * @throws ReplaygroundError `topic-made-anew`, `topic-grown`, `topic-gone`; `kafka-error`, `kafka-deadline` where nobody answers
   */
  async check(only?: string): Promise<void> {
    for (const topic of this.#known.filter(({ name }) => name === (only ?? name))) {
      // -1 where there is no such topic.
      const partitions = Math.max(0, (await this.#client.metadata(topic.name)).partitions);
      this.#noteGone(topic, partitions === 0);
      const change = topicChange(topic, { id: this.#ids.get(topic.name), partitions });
      if (change) throw change;
    }
  }

  /** What is wrong now, for people: a topic that is not there. */
  get trouble(): string | undefined {
    const [topic] = this.#gone.keys();
    return topic === undefined ? undefined : `topic ${topic} is gone: nothing is read until it is made again`;
  }

  /** Ends the watch. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#client.close();
  }

  #keepLooking(): void {
    this.check()
      .catch((error) => {
        // While Kafka is away nothing is known, and nothing is read either.
        if (ending.has(error.code)) this.#change.reject(error);
      })
      .finally(() => {
        if (!this.#closed) this.#timer = setTimeout(() => this.#keepLooking(), everyMs);
      });
  }

  #noteGone({ name, remade }: WatchedTopic, isGone: boolean): void {
    if (!isGone) return void this.#gone.delete(name);
    const looks = (this.#gone.get(name) ?? 0) + 1;
    this.#gone.set(name, looks);
    if (!remade && looks === 1) this.#onGone(name);
    if (remade && looks >= looksUntilGone) {
      throw new ReplaygroundError('topic-gone', `topic ${name} is gone: starting again, which makes it`, { retriable: true });
    }
  }
}

const ending = new Set(['topic-made-anew', 'topic-grown', 'topic-gone']);
