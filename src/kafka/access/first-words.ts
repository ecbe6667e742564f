/** What a client says of its first connections: a refused login, a name that does not resolve. Its calls only time out, and never say so. */
import { BridgeProducer } from '../bridge/bridge-producer.ts';
import type { BridgeConfig } from '../bridge/load.ts';
import type { ClientConfig } from '../client/connect.ts';

/** Syslog's `error`. */
const logErrors = 3;

/**
 * Opens a client, listens, and lets go again.
 * @param config librdkafka's configuration
 * @param understand what a line of the client means; undefined for one that is not looked for
 * @param enough settles when nothing more is to be expected; what it throws counts as that
 * @returns the first meaning; undefined where there was none
 * @throws ReplaygroundError `kafka-error` for a configuration that librdkafka refuses
 */
export async function firstWords<T>(
  config: ClientConfig,
  understand: (text: string) => T | undefined,
  enough: (client: BridgeProducer) => Promise<unknown>,
): Promise<T | undefined> {
  const understood = Promise.withResolvers<T>();
  const client = new BridgeProducer({ ...config, log_level: logErrors } as BridgeConfig, {
    onNotice: ({ text }) => {
      const meaning = understand(text);
      if (meaning !== undefined) understood.resolve(meaning);
    },
  });
  const silence = enough(client).then(
    () => undefined,
    () => undefined,
  );
  try {
    return await Promise.race([understood.promise, silence]);
  } finally {
    // Not awaited: a call under way is done first.
    void client.close().catch(() => {});
  }
}
