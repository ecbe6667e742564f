/** A process with all that it starts: one group, which is frozen, asked to end, and killed as a whole. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { Exit } from '../../broker/stop.ts';

export type ProcessGroup = {
  pid: number;
  /** Settles when its leader is gone; what is left of the group is killed then. */
  exited: Promise<Exit>;
  /** To every process of the group. Nothing happens when all are gone. */
  signal(name: NodeJS.Signals): void;
};

export type GroupOptions = {
  command: readonly string[];
  cwd: string;
  /** The whole environment. */
  env: Record<string, string>;
  /** Takes what it writes. */
  log: (stream: Readable) => void;
};

/** @returns a program as a folder's own file, where it is named by a path in it */
export const programIn = (folder: string, program: string): string =>
  program.includes('/') && !program.startsWith('/') ? join(folder, program) : program;

/** @throws what `spawn` fails with: there is no such program, or it may not be run */
export async function startGroup({ command: [program = '', ...args], cwd, env, log }: GroupOptions): Promise<ProcessGroup> {
  const child = spawn(programIn(cwd, program), args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr]) log(stream);
  const exited = new Promise<Exit>((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  const pid = child.pid as number;
  return {
    pid,
    exited: exited.then((exit) => {
      signalGroup(pid, 'SIGKILL');
      return exit;
    }),
    signal: (name) => signalGroup(pid, name),
  };
}

function signalGroup(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(-pid, name);
  } catch {
    // All of it is gone already.
  }
}
