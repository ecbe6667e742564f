/** The Kafka client, loaded from where it was built: node_modules of a checkout, or native/node_modules of the package. */
import { createRequire } from 'node:module';
import { ReplaygroundError } from '../errors.ts';

type Client = typeof import('@confluentinc/kafka-javascript');

const fromNative = createRequire(new URL('../../../native/', import.meta.url));
const name = '@confluentinc/kafka-javascript';

function load(): Client {
  try {
    return fromNative(name);
  } catch (cause) {
    throw new ReplaygroundError('client-missing', 'the Kafka client is not built yet: `npx replayground doctor` builds it, once', {
      cause,
    });
  }
}

export const kafka: Client = load();

/** @returns the version of its package */
export const clientVersion = (): string => (fromNative(`${name}/package.json`) as { version: string }).version;
