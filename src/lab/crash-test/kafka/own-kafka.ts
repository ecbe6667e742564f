/** The Kafka of a crash test: one broker or three of its own, in a folder that goes away. */
import { join } from 'node:path';
import { ensureTopics } from '../../../kafka/admin/admin.ts';
import { clientConfig } from '../../../kafka/client/client-config.ts';
import { type ClientConfig, connectAdmin } from '../../../kafka/client/connect.ts';
import { readSettings } from '../../../pipeline/settings/read-settings.ts';
import { freePort } from '../../broker/ports.ts';
import { type Broker, startBroker } from '../../broker/start.ts';
import { startCluster } from '../../broker/start-cluster.ts';
import type { ToolSettings } from '../../broker/transaction-owner.ts';
import { topicsOf } from '../../systems/file/describe-system.ts';
import { placeSystem } from '../../systems/file/place-system.ts';
import type { System } from '../../systems/file/read-system.ts';

/** Kafka as a crash test needs it, with the topics of the system in it. */
export type TestKafka = AsyncDisposable & {
  brokers: string;
  /** How the lab itself connects. */
  config: ClientConfig;
  /** The same, for Kafka's own tools. */
  settings: ToolSettings;
  /** The system, by the names that it has there. */
  system: System;
  /** Variables that its processes get, to be let in. */
  env: Record<string, string>;
  /** Numbers of the brokers that may be struck. */
  ids: readonly number[];
  /** Folders of the brokers, with their logs; none where they are somebody else's. */
  homes: readonly string[];
  /** SIGKILL; settles when it is gone. */
  kill(id: number): Promise<void>;
  /** Starts what was killed; settles when it takes requests. */
  start(id: number): Promise<void>;
};

export type KafkaOptions = { home: string; count: 1 | 3; system: System; say: (line: string) => void; signal: AbortSignal };

const launch = {
  // The second compiler is for a load that lasts: without it a broker is back with half of the work, and all others get the rest.
  flags: ['-XX:TieredStopAtLevel=1'],
  // Whoever writes to a topic that nobody made finds it, as in many a production; it is told in the end.
  extra: { 'auto.create.topics.enable': 'true' },
};

/** @throws ReplaygroundError those of `startBroker` and `ensureTopics` */
export async function startOwnKafka({ home, count, system, say, signal }: KafkaOptions): Promise<TestKafka> {
  await using all = new AsyncDisposableStack();
  const nodes = all.use(await (count === 3 ? startCluster({ home, onProgress: say, signal, ...launch }) : startOne({ home, say, signal })));
  const settings = readSettings({ KAFKA_BROKERS: nodes.brokers });
  const config = clientConfig(settings, 'crash-test');
  using admin = connectAdmin(config);
  await ensureTopics(admin.client, topicsOf(system));
  const kept = all.move();
  return {
    brokers: nodes.brokers,
    config,
    settings,
    system: placeSystem(system, '').system,
    env: {},
    ids: nodes.ids,
    homes: nodes.ids.map((id) => join(home, `broker-${id}`)),
    kill: (id) => nodes.kill(id),
    start: (id) => nodes.start(id),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

type Nodes = AsyncDisposable & Pick<TestKafka, 'brokers' | 'ids' | 'kill' | 'start'>;

async function startOne({ home, say, signal }: Pick<KafkaOptions, 'home' | 'say' | 'signal'>): Promise<Nodes> {
  const port = await freePort();
  const start = (): Promise<Broker> => startBroker({ home: join(home, 'broker-1'), port, onProgress: say, signal, ...launch });
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
