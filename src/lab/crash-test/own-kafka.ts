/** The Kafka of a crash test: one broker or three of its own, in a folder that goes away. */
import { join } from 'node:path';
import { freePort } from '../broker/ports.ts';
import { type Broker, startBroker } from '../broker/start.ts';
import { startCluster } from '../broker/start-cluster.ts';

export type OwnKafka = AsyncDisposable & {
  brokers: string;
  /** The brokers' numbers, from 1. */
  ids: readonly number[];
  /** SIGKILL; settles when it is gone. */
  kill(id: number): Promise<void>;
  /** Starts what was killed; settles when it takes requests. */
  start(id: number): Promise<void>;
};

export type KafkaOptions = { home: string; count: 1 | 3; say: (line: string) => void; signal: AbortSignal };

/** @throws ReplaygroundError those of `startBroker` */
export async function startOwnKafka({ home, count, say, signal }: KafkaOptions): Promise<OwnKafka> {
  if (count === 3) return await startCluster({ home, onProgress: say, signal });
  const port = await freePort();
  const start = (): Promise<Broker> => startBroker({ home: join(home, 'broker-1'), port, onProgress: say, signal });
  let broker = await start();
  return {
    brokers: broker.brokers,
    ids: [1],
    async kill() {
      broker.kill();
      await broker.exited;
    },
    async start() {
      broker = await start();
    },
    [Symbol.asyncDispose]: () => broker.stop(),
  };
}
