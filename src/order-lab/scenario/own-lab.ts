/** A lab for one run: free ports, a home in a temporary folder; gone afterwards. */
import { join } from 'node:path';
import { type Cluster, startCluster } from '../../lab/broker/start-cluster.ts';
import { endProcessesIn } from '../../lab/processes/folder-processes.ts';
import { clearLeftFolders, makeTempFolder } from '../../lab/processes/temp-folder.ts';
import { readSettings } from '../../pipeline/settings/read-settings.ts';
import { takeDown } from '../client/take-down.ts';
import { upDetached } from '../client/up-detached.ts';
import { type Connection, connectLab } from './connection.ts';
import { byFirstNames, ownEnvironment } from './own-environment.ts';

export type OwnLab = {
  home: string;
  lab: Connection;
  /** Its three brokers, where it was to have them. */
  cluster: Cluster | undefined;
  /** Down and up again with more variables; the data stays. */
  restart: (environment: Record<string, string>) => Promise<Connection>;
  /** Takes it down and deletes its folder. */
  remove: () => Promise<void>;
  /** Leaves it running, to the user. */
  keep: () => Promise<void>;
};

export type OwnLabOptions = {
  /** The caller's. */
  env: NodeJS.ProcessEnv;
  /** Variables of the scenario. */
  environment: Readonly<Record<string, string>>;
  scale: number;
  /** Three brokers instead of the lab's own. */
  threeBrokers: boolean;
  /** METRICS_DIR of its services. */
  folder: string;
  say: (line: string) => void;
  /** Calls the start off. */
  signal: AbortSignal;
  /** Takes it down without waiting for anything. */
  hurry: AbortSignal;
};

const folderPrefix = 'replayground-run-';

/**
 * @returns the running lab, healthy
 * @throws ReplaygroundError those of `./lab up`; nothing is left then
 */
export async function startOwnLab(options: OwnLabOptions): Promise<OwnLab> {
  const { environment, scale, threeBrokers, folder, say, signal } = options;
  await clearLeftFolders(folderPrefix, say);
  const parent = makeTempFolder(folderPrefix);
  const home = join(parent.path, '.lab');
  let env: NodeJS.ProcessEnv = { ...ownEnvironment(options.env, environment), LAB_HOME: home, METRICS_DIR: folder };
  const up = async (): Promise<Connection> => {
    await upDetached(home, ['--scale', `inventory-service=${scale}`], say, signal, env);
    return await connectLab(readSettings(env), env);
  };
  const hurryUp = (): void => void endProcessesIn(parent.path);
  options.hurry.addEventListener('abort', hurryUp);
  let cluster: Cluster | undefined;
  const remove = async (): Promise<void> => {
    try {
      await takeDown(home, say);
      await cluster?.stop();
    } finally {
      options.hurry.removeEventListener('abort', hurryUp);
      await parent.remove();
    }
  };
  try {
    if (threeBrokers) {
      say('starting three brokers');
      cluster = await startCluster({ home: join(parent.path, 'kafka'), onProgress: say, signal });
      env = { ...env, KAFKA_BROKERS: cluster.brokers };
    }
    const lab = await up();
    return {
      home,
      lab,
      cluster,
      remove,
      keep: parent.keep,
      restart: async (more) => {
        await takeDown(home, say);
        env = { ...env, ...byFirstNames(more) };
        return await up();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}
