/** Opens a client and sees that Kafka is there: the client itself connects in the background, and never says that nobody answers. */
import { type ClientConfig, unreachable } from '../client/connect.ts';
import { BridgeConsumer } from './bridge-consumer.ts';
import { BridgeProducer } from './bridge-producer.ts';
import type { BridgeConfig, Notice } from './load.ts';

const connectTimeoutMs = 10_000;

type OnNotice = (notice: Notice) => void;
type Client = { metadata(topic: null, withinMs: number): Promise<unknown>; close(): Promise<void> };

/**
 * @param config librdkafka's configuration
 * @param onNotice told of log lines and of errors of the client as a whole
 * @returns a producer that Kafka answers to
 * @throws ReplaygroundError `kafka-unreachable`; `kafka-error` for a configuration that librdkafka refuses
 */
export const reachProducer = (config: ClientConfig, onNotice?: OnNotice): Promise<BridgeProducer> =>
  reach(config, (told) => new BridgeProducer(config as BridgeConfig, { onNotice: told }), onNotice);

/**
 * @param config librdkafka's configuration with `group.id`
 * @param options see `BridgeConsumer`
 * @returns a consumer that Kafka answers to, subscribed to nothing yet
 * @throws ReplaygroundError as `reachProducer`
 */
export const reachConsumer = (
  config: ClientConfig,
  { onNotice, ...options }: { headers?: boolean; onNotice?: OnNotice } = {},
): Promise<BridgeConsumer> => reach(config, (told) => new BridgeConsumer(config as BridgeConfig, { ...options, onNotice: told }), onNotice);

async function reach<C extends Client>(config: ClientConfig, open: (onNotice: OnNotice) => C, onNotice: OnNotice = () => {}): Promise<C> {
  let last: string | undefined;
  const client = open((notice) => {
    if (notice.kind === 'error') last = notice.text;
    onNotice(notice);
  });
  try {
    await client.metadata(null, connectTimeoutMs);
    return client;
  } catch (error) {
    await client.close();
    throw unreachable(config, error, last);
  }
}
