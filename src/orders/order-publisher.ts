/** The service's way into Kafka: connects by itself whenever Kafka comes, and knows at any time whether an order could be written now. */
import { setTimeout as delay } from 'node:timers/promises';
import type { DeliveryReport, LibrdKafkaError, MessageHeader, Producer } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import type { Logger } from 'pino';
import { ReplaygroundError } from '../errors.ts';
import { kafkaError } from '../kafka/ask.ts';
import { type ClientConfig, type Connected, connectProducer } from '../kafka/connect.ts';
import { topicState } from './topic-state.ts';

export type KafkaState = 'connecting' | 'up' | 'down' | 'topic-missing';

/** Where an order stands in the log. */
export type Delivery = { topic: string; partition: number; offset: number };

export type OrderRecord = { key: string; value: Buffer; headers: MessageHeader[] };

export type PublisherOptions = {
  /** See `orderProducerConfig`. */
  config: ClientConfig;
  topic: string;
  logger: Logger;
  /** Runs once, when Kafka is reached for the first time: makes the topics. */
  prepare: () => Promise<void>;
};

const allBrokersDown = -187;
const fatal = -150;
const probeEveryMs = 1000;
const retryEveryMs = 500;

export class OrderPublisher {
  /** Rejects when the client cannot go on. */
  readonly failed: Promise<never>;
  readonly #options: PublisherOptions;
  readonly #stopped = new AbortController();
  readonly #fail: (error: unknown) => void;
  #connected: Connected<Producer> | undefined;
  #state: KafkaState = 'connecting';
  #why = 'Kafka was not reached yet';
  #checkedAt = Date.now();
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
    if (!this.#connected) throw new ReplaygroundError('kafka-unreachable', this.#why, { retriable: true });
    const { promise, resolve, reject } = Promise.withResolvers<Delivery>();
    this.#inFlight += 1;
    try {
      // The key as bytes: the client would cut a text at a NUL character.
      this.#connected.client.produce(this.#options.topic, null, value, Buffer.from(key), null, { resolve, reject }, headers);
      return await promise;
    } catch (error) {
      throw error instanceof ReplaygroundError ? error : kafkaError('write the order', error as Error);
    } finally {
      this.#inFlight -= 1;
    }
  }

  /** Disconnects; an order still on its way is not waited for. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    if (this.#inFlight === 0) await this.#connected?.[Symbol.asyncDispose]();
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopped;
    this.#connected = await this.#connect();
    while (!signal.aborted && this.#connected) {
      await this.#probe(this.#connected.client);
      await delay(probeEveryMs, undefined, { signal }).catch(() => {});
    }
  }

  async #connect(): Promise<Connected<Producer> | undefined> {
    const { config, prepare, logger } = this.#options;
    while (!this.#stopped.signal.aborted) {
      try {
        const connected = await connectProducer(config);
        connected.client.on('event.error', (error) => this.#onError(error));
        connected.client.on('delivery-report', settle);
        connected.client.setPollInBackground(true);
        await prepare().catch((error) => logger.warn({ code: error.code }, error.message));
        return connected;
      } catch (error) {
        // Anything else is a wrong configuration, which no retry mends.
        if (!(error instanceof ReplaygroundError && error.retriable)) throw error;
        this.#setState('down', error.message);
        await delay(retryEveryMs);
      }
    }
    return undefined;
  }

  async #probe(client: Producer): Promise<void> {
    const { topic } = this.#options;
    try {
      const state = await topicState(client, topic);
      this.#setState(state, state === 'up' ? '' : `there is no topic ${topic}: ./lab up makes it`);
    } catch (error) {
      if (!this.#stopped.signal.aborted) this.#setState('down', `Kafka does not answer (${(error as Error).message})`);
    }
  }

  #onError(error: LibrdKafkaError): void {
    if (error.code === fatal || error.isFatal) this.#fail(kafkaError('write orders', error));
    else if (error.code === allBrokersDown) this.#setState('down', 'no broker can be reached');
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

function settle(error: LibrdKafkaError | null, { opaque, topic, partition, offset }: DeliveryReport): void {
  const { resolve, reject } = opaque as { resolve: (delivery: Delivery) => void; reject: (error: unknown) => void };
  if (error) reject(error);
  else resolve({ topic, partition, offset });
}
