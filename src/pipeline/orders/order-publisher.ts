/** The service's way into Kafka: connects by itself whenever Kafka comes, and knows at any time whether an order could be written now. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { errorOfCode } from '../../kafka/admin/with-deadline.ts';
import { BatchWriter } from '../../kafka/bridge/batch-writer.ts';
import type { BridgeProducer } from '../../kafka/bridge/bridge-producer.ts';
import type { Notice } from '../../kafka/bridge/load.ts';
import { reachProducer } from '../../kafka/bridge/reach.ts';
import { allBrokersDown } from '../../kafka/client/client-words.ts';
import type { ClientConfig } from '../../kafka/client/connect.ts';
import { ReplaygroundError } from '../../kafka/errors.ts';
import type { HeaderPair } from '../../kafka/record/headers.ts';
import { topicState } from './topic-state.ts';

export type KafkaState = 'connecting' | 'up' | 'down' | 'topic-missing';

/** Where an order stands in the log. */
export type Delivery = { topic: string; partition: number; offset: number };

export type OrderRecord = { key: string; value: Buffer; headers: readonly HeaderPair[] };

export type PublisherOptions = {
  /** See `orderProducerConfig`. */
  config: ClientConfig;
  topic: string;
  /** After so long an order counts as not delivered (ms), as in the configuration. */
  deliveryTimeoutMs: number;
  logger: Logger;
  /** Runs once, when Kafka is reached for the first time: makes the topics. */
  prepare: () => Promise<void>;
};

const probeEveryMs = 1000;
const retryEveryMs = 500;
/** What came while others are on their way goes out when those are written, or after so long: a broker does ten orders at once for the price of one. */
const gatherMs = 5;

export class OrderPublisher {
  /** Rejects when the client cannot go on. */
  readonly failed: Promise<never>;
  readonly #options: PublisherOptions;
  readonly #stopped = new AbortController();
  readonly #fail: (error: unknown) => void;
  #producer: BridgeProducer | undefined;
  /** Orders that are not handed over yet, and who waits for each: they go out in one piece. */
  readonly #batch = new BatchWriter();
  #waiting: PromiseWithResolvers<Delivery>[] = [];
  #timer: NodeJS.Timeout | undefined;
  /** How often orders were handed over that are not written yet. */
  #calls = 0;
  #state: KafkaState = 'connecting';
  #why = 'Kafka was not reached yet';
  #checkedAt = Date.now();
  /** What the client said last of a connection. */
  #cause = '';
  #inFlight = 0;

  /** Starts to connect in the background; returns at once. */
  constructor(options: PublisherOptions) {
    const { promise, reject } = Promise.withResolvers<never>();
    this.failed = promise;
    this.failed.catch(() => {});
    this.#fail = reject;
    this.#options = options;
    this.#run().catch(reject);
  }

  get state(): KafkaState {
    return this.#state;
  }

  /** What is wrong, for people; empty while Kafka is up. */
  get why(): string {
    return this.#why;
  }

  /** Orders that wait for their delivery report. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** When Kafka last gave an answer, or failed to (ms since 1970). */
  get checkedAt(): number {
    return this.#checkedAt;
  }

  /**
   * Writes one order and waits until every in-sync replica has it (acks=all).
   * @returns where it stands
   * @throws ReplaygroundError `kafka-error` with the client's error as cause: the order may be in or not
   */
  async publish({ key, value, headers }: OrderRecord): Promise<Delivery> {
    const producer = this.#producer;
    if (!producer) throw new ReplaygroundError('kafka-unreachable', this.#why, { retriable: true });
    const order = Promise.withResolvers<Delivery>();
    this.#inFlight += 1;
    this.#batch.write({ topic: producer.topic(this.#options.topic), partition: null, key, value, headers });
    if (this.#waiting.push(order) === 1) {
      if (this.#calls === 0) setImmediate(() => this.#send(producer));
      else this.#timer = setTimeout(() => this.#send(producer), gatherMs);
    }
    try {
      return await order.promise;
    } finally {
      this.#inFlight -= 1;
    }
  }

  /** Disconnects; an order still on its way is not waited for. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    if (this.#inFlight === 0) await this.#producer?.[Symbol.asyncDispose]();
  }

  /** Hands over the orders that wait, tells each what became of it, and goes on with those that came meanwhile. */
  #send(producer: BridgeProducer): void {
    const { topic, deliveryTimeoutMs } = this.#options;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const orders = this.#waiting;
    this.#waiting = [];
    this.#calls += 1;
    const sent = producer.produce(this.#batch, deliveryTimeoutMs, deliveryTimeoutMs);
    this.#batch.clear();
    sent
      .then(
        ({ partitions, offsets, refused }) => {
          for (const one of refused) orders[one.index]?.reject(errorOfCode('write the order', one));
          for (const [index, { resolve }] of orders.entries()) {
            resolve({ topic, partition: partitions[index] ?? -1, offset: offsets[index] ?? -1 });
          }
        },
        (error) => {
          for (const { reject } of orders) reject(error);
        },
      )
      .finally(() => {
        this.#calls -= 1;
        if (this.#timer) this.#send(producer);
      });
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopped;
    this.#producer = await this.#connect();
    while (!signal.aborted && this.#producer) {
      await this.#probe(this.#producer);
      await delay(probeEveryMs, undefined, { signal }).catch(() => {});
    }
  }

  async #connect(): Promise<BridgeProducer | undefined> {
    const { config, prepare, logger } = this.#options;
    while (!this.#stopped.signal.aborted) {
      try {
        const producer = await reachProducer(config, (notice) => this.#onNotice(notice));
        await prepare().catch((error) => logger.warn({ code: error.code }, error.message));
        return producer;
      } catch (error) {
        // Anything else is a wrong configuration, which no retry mends.
        if (!(error instanceof ReplaygroundError && error.retriable)) throw error;
        this.#setState('down', error.message);
        await delay(retryEveryMs);
      }
    }
    return undefined;
  }

  async #probe(producer: BridgeProducer): Promise<void> {
    const { topic } = this.#options;
    try {
      const state = await topicState(producer, topic);
      this.#setState(state, state === 'up' ? '' : `there is no topic ${topic}: ./lab up makes it`);
    } catch (error) {
      if (!this.#stopped.signal.aborted) this.#setState('down', `Kafka does not answer (${(error as Error).message})`);
    }
  }

  #onNotice({ kind, code, isFatal, text }: Notice): void {
    if (kind !== 'error') return;
    if (code !== allBrokersDown) this.#cause = text;
    if (isFatal) this.#fail(errorOfCode('write orders', { code, text }));
    // Before the first answer, what is wrong is in the error of the attempt.
    else if (code === allBrokersDown && this.#producer)
      this.#setState('down', `no broker can be reached${this.#cause && ': '}${this.#cause}`);
  }

  #setState(state: KafkaState, why: string): void {
    this.#checkedAt = Date.now();
    if (state !== this.#state) {
      if (state === 'up') this.#options.logger.info('Kafka is up');
      else this.#options.logger.warn({ kafka: state }, why);
    }
    this.#state = state;
    this.#why = why;
  }
}
