/** Runs one instance of a service as a child process: environment, log, IPC, health. */
import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { ReplaygroundError } from '../../kafka/errors.ts';
import { stopProcess } from '../../lab/broker/stop.ts';
import { labMark } from '../../lab/supervisor/leftovers.ts';
import { describeExit, type Exit, type Program, type Run } from '../../lab/supervisor/program.ts';
import type { CommandLine } from './service-table.ts';

export type ServiceProgramOptions = {
  /** `inventory-service.2` */
  name: string;
  service: string;
  labId: string;
  command: CommandLine;
  /** The whole environment of the process; asked for at each start. */
  env: () => NodeJS.ProcessEnv;
  /** Address at which its HTTP port is reached from here. */
  host: string;
  /** Takes what it writes. */
  log: (stream: Readable) => void;
};

const stopTimeoutMs = 8000;
const healthTimeoutMs = 2000;

/** @returns the program: `ready` once the service says so over IPC */
export function serviceProgram({ name, service, labId, command, env, host, log }: ServiceProgramOptions): Program {
  return {
    name,
    service,
    async start() {
      // Its own process group: Ctrl-C in the terminal reaches the lab only, which stops everything in order.
      const child = spawn(command.file, [...command.args, labMark.service(labId)], {
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
        env: env(),
      });
      for (const stream of [child.stdout, child.stderr]) if (stream) log(stream);
      const exited = new Promise<Exit>((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
      await new Promise<void>((resolve, reject) => {
        child.once('spawn', resolve);
        child.once('error', reject);
      });
      const ready = new Promise<{ port: number }>((resolve, reject) => {
        child.on('message', (message) => isReady(message) && resolve({ port: message.port }));
        void exited.then((exit) => reject(new ReplaygroundError('service-ended', describeExit(exit))));
      });
      ready.catch(() => {});
      const kill = (signal: NodeJS.Signals) => void child.kill(signal);
      return {
        pid: child.pid as number,
        ready,
        exited,
        stop: () => stopProcess({ exited, kill }, stopTimeoutMs),
        kill: () => kill('SIGKILL'),
      } satisfies Run;
    },
    check: (port) => checkHealth(`http://${host}:${port}/health`),
  };
}

const isReady = (message: unknown): message is { type: 'ready'; port: number } =>
  typeof message === 'object' && message !== null && 'type' in message && message.type === 'ready';

/** The services put what is wrong into `status`. */
function statusIn(text: string): string {
  try {
    return String((JSON.parse(text) as { status?: unknown }).status ?? text);
  } catch {
    return text.slice(0, 200);
  }
}

/** @returns what is wrong, or `null` */
async function checkHealth(url: string): Promise<string | null> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(healthTimeoutMs) });
    const text = await response.text();
    return response.ok ? null : `/health says ${response.status}: ${statusIn(text)}`;
  } catch (error) {
    return `/health does not answer: ${(error as Error).message}`;
  }
}
