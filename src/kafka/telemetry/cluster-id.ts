/** The id by which a Kafka cluster is told from others, for what is told of the work on it. */
import { reachProducer } from '../bridge/reach.ts';
import type { ClientConfig } from '../client/connect.ts';

/**
 * Asks by a client that is gone afterwards.
 * @param config librdkafka's configuration
 * @returns undefined where the brokers do not tell it
 * @throws ReplaygroundError `kafka-unreachable`, `kafka-error`
 */
export async function readClusterId(config: ClientConfig): Promise<string | undefined> {
  await using client = await reachProducer(config);
  return (await client.metadata(null)).clusterId ?? undefined;
}
