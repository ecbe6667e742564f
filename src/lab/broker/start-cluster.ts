/** Starts a cluster of brokers on this machine, of which any one can be lost: each with its own folder, all with ports that stay. */
import { join } from 'node:path';
import { ReplaygroundError } from '../../kafka/errors.ts';
import { randomClusterId } from './format.ts';
import { resolveJars } from './jars.ts';
import { freePort } from './ports.ts';
import { type Broker, type BrokerOptions, startBroker } from './start.ts';

export type ClusterOptions = Pick<BrokerOptions, 'cacheDir' | 'extra' | 'flags' | 'onProgress' | 'signal'> & {
  /** Gets a folder per broker. */
  home: string;
};

export type Cluster = AsyncDisposable & {
  /** `host:port` of each broker, with commas. */
  brokers: string;
  /** The brokers' numbers, from 1. */
  ids: readonly number[];
  /** @returns the process of a broker; undefined while it is down */
  pidOf(id: number): number | undefined;
  /** SIGKILL; settles when it is gone. */
  kill(id: number): Promise<void>;
  /** Starts what was killed; settles when it takes requests. */
  start(id: number): Promise<void>;
  stop(): Promise<void>;
};

const ids = [1, 2, 3] as const;

/**
 * @returns three brokers that take requests: three replicas of everything, two of them in sync for a write
 * @throws ReplaygroundError those of `startBroker`; nothing runs then
 */
export async function startCluster({ home, ...options }: ClusterOptions): Promise<Cluster> {
  await resolveJars(options);
  const nodes: { nodeId: number; port: number; controllerPort: number }[] = [];
  for (const nodeId of ids) nodes.push({ nodeId, port: await freePort(), controllerPort: await freePort() });
  const clusterId = randomClusterId();
  const running = new Map<number, Broker>();

  const start = async (id: number): Promise<void> => {
    const node = nodes.find(({ nodeId }) => nodeId === id);
    if (!node) throw new ReplaygroundError('not-running', `there is no broker ${id}: use ${ids.join(', ')}`);
    const { port, controllerPort } = node;
    const cluster = { nodeId: id, clusterId, voters: nodes };
    const broker = await startBroker({ ...options, home: join(home, `broker-${id}`), port, controllerPort, cluster });
    running.set(id, broker);
    void broker.exited.then(() => running.delete(id));
  };
  const stop = async (): Promise<void> => {
    await Promise.all([...running.values()].map((broker) => broker.stop()));
  };
  const started = await Promise.allSettled(ids.map(start));
  const failed = started.find((one) => one.status === 'rejected');
  if (failed) {
    await stop();
    throw failed.reason;
  }
  return {
    brokers: nodes.map(({ port }) => `127.0.0.1:${port}`).join(','),
    ids,
    pidOf: (id) => running.get(id)?.pid,
    kill: async (id) => {
      const broker = running.get(id);
      broker?.kill();
      await broker?.exited;
    },
    start,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
