/** A lab for one run: free ports, a home in a temporary folder, nothing of the caller's settings; gone afterwards. */
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Cluster, startCluster } from '../broker/start-cluster.ts';
import { takeDown } from '../cli/down.ts';
import { upDetached } from '../cli/up-detached.ts';
import { readLabFile } from '../lab/lab-file.ts';
import { declarations } from '../settings/declarations.ts';
import { readSettings } from '../settings/read-settings.ts';
import { type Connection, connectLab } from './rig.ts';

export type OwnLab = {
  home: string;
  lab: Connection;
  /** Its three brokers, where it was to have them. */
  cluster: Cluster | undefined;
  /** Down and up again with more variables; the data stays. */
  restart: (environment: Record<string, string>) => Promise<Connection>;
  /** Takes it down and deletes its folder. */
  remove: () => Promise<void>;
};

export type OwnLabOptions = {
  /** The caller's; its settings are left out. */
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

/** What says how this machine works, not how a lab behaves. */
const kept = new Set(['LAB_CACHE', 'LOG_LEVEL']);
const freePorts = { LAB_PORT: '0', KAFKA_PORT: '0', ORDER_SERVICE_PORT: '0', ANALYTICS_SERVICE_PORT: '0', INVENTORY_SERVICE_PORT: '0' };

/**
 * @returns the running lab, healthy
 * @throws ReplaygroundError those of `./lab up`; nothing is left then
 */
export async function startOwnLab(options: OwnLabOptions): Promise<OwnLab> {
  const { environment, scale, threeBrokers, folder, say, signal } = options;
  const parent = mkdtempSync(join(tmpdir(), 'replayground-run-'));
  const home = join(parent, '.lab');
  let env: NodeJS.ProcessEnv = { ...withoutSettings(options.env), ...freePorts, LAB_HOME: home, METRICS_DIR: folder, ...environment };
  const up = async (): Promise<Connection> => {
    await upDetached(home, ['--scale', `inventory-service=${scale}`], say, signal, env);
    return await connectLab(readSettings(env));
  };
  const hurryUp = (): void => hurryLab(home);
  options.hurry.addEventListener('abort', hurryUp);
  let cluster: Cluster | undefined;
  const remove = async (): Promise<void> => {
    await takeDown(home, say);
    options.hurry.removeEventListener('abort', hurryUp);
    await cluster?.stop();
    await rm(parent, { recursive: true, force: true });
  };
  try {
    if (threeBrokers) {
      say('starting three brokers');
      cluster = await startCluster({ home: join(parent, 'kafka'), onProgress: say, signal });
      env = { ...env, KAFKA_BROKERS: cluster.brokers };
    }
    const lab = await up();
    return {
      home,
      lab,
      cluster,
      remove,
      restart: async (more) => {
        await takeDown(home, say);
        env = { ...env, ...more };
        return await up();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** @returns the environment without any variable that is a setting of the project */
export function withoutSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const names = Object.values(declarations).flatMap(({ variable, aliases, fallback }) => [
    variable,
    ...aliases,
    ...(fallback ? [fallback] : []),
  ]);
  return Object.fromEntries(Object.entries(env).filter(([name]) => kept.has(name) || !names.includes(name)));
}

/** The second signal is what makes a lab kill all that it runs. */
function hurryLab(home: string): void {
  const pid = readLabFile(home)?.pid;
  if (pid === undefined) return;
  process.kill(pid, 'SIGINT');
  process.kill(pid, 'SIGINT');
}
