/** Connects the three kinds of client and closes them again; the shapes that differ between them end here. */
import type { EventEmitter } from 'node:events';
import kafka from '@confluentinc/kafka-javascript';
import type { IAdminClient, KafkaConsumer, Producer } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { ReplaygroundError } from '../errors.ts';
import { ask } from './ask.ts';

export type ClientConfig = Record<string, unknown>;

/** A connected client; disposing of it disconnects. */
export type Connected<C> = AsyncDisposable & { client: C };

/**
 * How much a consumer holds ready: some batches, not the client's default of 64 MB; larger records still come, one at a time (KIP-74).
 * With so little, the client must not wait its default of a second before it fills up again.
 */
export const prefetch = { 'queued.max.messages.kbytes': 4096, 'fetch.message.max.bytes': 262_144, 'fetch.queue.backoff.ms': 5 };

const connectTimeoutMs = 10_000;
const disconnectTimeoutMs = 10_000;

/**
 * @param config librdkafka's configuration, see `clientConfig`
 * @returns a connected producer
 * @throws ReplaygroundError `kafka-unreachable`
 */
export const connectProducer = (config: ClientConfig): Promise<Connected<Producer>> => connect(new kafka.Producer(config as never), config);

/**
 * @param config librdkafka's configuration with `group.id`
 * @param onRebalance called on the main thread with the client's error (its code tells assign from revoke) and the
 *   partitions; the client waits until assign or unassign is called
 * @returns a connected consumer that is subscribed to nothing yet
 * @throws ReplaygroundError `kafka-unreachable`
 */
export function connectConsumer(
  config: ClientConfig,
  onRebalance?: (error: { code: number }, partitions: { topic: string; partition: number }[]) => void,
): Promise<Connected<KafkaConsumer>> {
  const full = onRebalance ? { ...config, rebalance_cb: onRebalance } : config;
  // Without a second argument: an empty topic configuration there would drop `auto.offset.reset`.
  const consumer = new kafka.KafkaConsumer(full as never);
  // Not in the client's types: `consume(n)` waits for the first record only, then takes what is ready.
  (consumer as unknown as { setDefaultIsTimeoutOnlyForFirstMessage(on: boolean): void }).setDefaultIsTimeoutOnlyForFirstMessage(true);
  return connect(consumer, config);
}

/**
 * @param config librdkafka's configuration
 * @returns an admin client; it connects when it is first used
 */
export function connectAdmin(config: ClientConfig): Disposable & { client: IAdminClient } {
  const client = kafka.AdminClient.create(config as never);
  return { client, [Symbol.dispose]: () => client.disconnect() };
}

async function connect<C extends Producer | KafkaConsumer>(client: C, config: ClientConfig): Promise<Connected<C>> {
  // Without a listener an error event would be thrown; what matters arrives as the error of a call.
  (client as EventEmitter).on('event.error', () => {});
  try {
    await ask('connect to Kafka', connectTimeoutMs * 2, (callback) => client.connect({ timeout: connectTimeoutMs }, callback));
  } catch (error) {
    const last = client.getLastError()?.message;
    throw new ReplaygroundError(
      'kafka-unreachable',
      `no Kafka answers at ${config['bootstrap.servers']}${last ? ` (${last})` : ''}: is it running? ./lab up starts one, KAFKA_BROKERS names another`,
      { cause: error, retriable: true },
    );
  }
  return {
    client,
    [Symbol.asyncDispose]: async () => {
      if (client.isConnected()) await ask('disconnect from Kafka', disconnectTimeoutMs, (callback) => client.disconnect(callback));
    },
  };
}
