/** The admin client, for what is asked once in a while; records go over the bridge. */
import type { IAdminClient } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { ReplaygroundError } from '../errors.ts';
import { kafka } from './client.ts';

export type ClientConfig = Record<string, unknown>;

/**
 * @param config librdkafka's configuration
 * @returns an admin client; it connects when it is first used
 */
export function connectAdmin(config: ClientConfig): Disposable & { client: IAdminClient } {
  const client = kafka.AdminClient.create(config as never);
  return { client, [Symbol.dispose]: () => client.disconnect() };
}

/**
 * @param config of the client that found nobody
 * @param cause what its call said
 * @param last what the client said last of itself: a refused login, a name that does not resolve
 * @returns `kafka-unreachable`, with what to do
 */
export const unreachable = (config: ClientConfig, cause: unknown, last: string | undefined): ReplaygroundError =>
  new ReplaygroundError(
    'kafka-unreachable',
    `no Kafka answers at ${config['bootstrap.servers']}${last ? ` (${last})` : ''}: is it running? ./lab up starts one, KAFKA_BROKERS names another`,
    { cause, retriable: true },
  );
