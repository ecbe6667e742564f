/** A service as the lab runs it: a process of its own, on topics, groups and a state folder of its own. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../src/pipeline/settings/read-settings.ts';
import { brokers, createTopic, uniqueName } from './kafka.ts';

export type ServiceFolder = 'orders' | 'inventory' | 'analytics' | 'notifications';

/** Topics, groups and a folder that belong to one test. */
export type Pipeline = Disposable & {
  ordersTopic: string;
  inventoryTopic: string;
  inventoryGroup: string;
  analyticsGroup: string;
  notificationsTopic: string;
  notificationGroup: string;
  home: string;
  env: NodeJS.ProcessEnv;
};

/** @returns a pipeline without services; its topics exist */
export async function newPipeline(env: Record<string, string> = {}): Promise<Pipeline> {
  const ordersTopic = await createTopic('orders');
  const inventoryTopic = await createTopic('inventory');
  const inventoryGroup = uniqueName('inventory-group');
  const analyticsGroup = uniqueName('analytics-group');
  const [notificationsTopic, notificationGroup] = [uniqueName('notifications'), uniqueName('workers')];
  const folder = mkdtempSync(join(tmpdir(), 'replayground-'));
  const home = join(folder, 'lab');
  return {
    ordersTopic,
    inventoryTopic,
    inventoryGroup,
    analyticsGroup,
    notificationsTopic,
    notificationGroup,
    home,
    env: {
      PATH: process.env.PATH,
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      KAFKA_BROKERS: brokers(),
      ORDERS_TOPIC: ordersTopic,
      INVENTORY_TOPIC: inventoryTopic,
      INVENTORY_GROUP_ID: inventoryGroup,
      ANALYTICS_GROUP_ID: analyticsGroup,
      NOTIFICATIONS_TOPIC: notificationsTopic,
      NOTIFICATION_GROUP_ID: notificationGroup,
      ORDER_SERVICE_PORT: '0',
      ANALYTICS_SERVICE_PORT: '0',
      LAB_HOME: home,
      // `GROUP_PROTOCOL=consumer ./lab test test/storms` runs them all in the other protocol.
      ...(process.env.GROUP_PROTOCOL && { GROUP_PROTOCOL: process.env.GROUP_PROTOCOL }),
      ...env,
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export class ServiceProcess implements AsyncDisposable {
  readonly child: ChildProcess;
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  port = 0;
  output = '';

  constructor(child: ChildProcess) {
    this.child = child;
    this.exited = once(child, 'exit').then(([code, signal]) => ({ code, signal }));
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (this.output += chunk));
  }

  /** Starts a service and waits until it says that it is ready. */
  static async start(folder: ServiceFolder, { env }: Pipeline, instance = 1): Promise<ServiceProcess> {
    const child = fork(join(projectRoot, 'src', folder, 'main.ts'), [], {
      env: { ...env, LAB_INSTANCE: String(instance) },
      execArgv: ['--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const service = new ServiceProcess(child);
    const ready = once(child, 'message').then(([message]) => (message as { port: number }).port);
    const ended = service.exited.then((exit) => {
      throw new Error(`${folder} ended before it was ready (${JSON.stringify(exit)}): ${service.output}`);
    });
    service.port = await Promise.race([ready, ended]);
    ended.catch(() => {});
    return service;
  }

  async get<T = Record<string, unknown>>(path: string): Promise<T> {
    return (await fetch(`http://127.0.0.1:${this.port}${path}`)).json() as Promise<T>;
  }

  post(path: string, body?: unknown): Promise<Response> {
    const json = { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body ?? {}) };
    return fetch(`http://127.0.0.1:${this.port}${path}`, { method: 'POST', ...json });
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
    this.child.kill(signal);
    return this.exited;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) await this.kill();
  }
}
