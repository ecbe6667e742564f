/** `up --detach`: starts the lab as a process of its own, and waits until it is ready or says why it will not be. */
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { extname, join } from 'node:path';
import { ReplaygroundError } from '../../kafka/errors.ts';
import { logFolder } from '../../lab/supervisor/log-files.ts';
import { interrupted } from '../../lab/terminal/exit-codes.ts';
import type { LabState } from '../wire/lab-state.ts';

/** What the detached lab tells the one that started it, over Node's IPC channel. */
export type UpMessage =
  | { type: 'line'; text: string }
  | { type: 'ready'; state: LabState }
  | { type: 'failed'; code: string; message: string };

/** The option by which a lab knows that it is the detached one. */
export const detachedOption = '--is-detached';

/**
 * @param home LAB_HOME
 * @param args arguments of `up` for the detached lab
 * @param say gets a line for each step
 * @param signal calls the start off; the lab takes itself down again
 * @param env environment of the lab; its LAB_HOME is `home`
 * @throws ReplaygroundError the detached lab's own error, or `interrupted`
 */
export async function upDetached(
  home: string,
  args: readonly string[],
  say: (line: string) => void,
  signal: AbortSignal,
  env: NodeJS.ProcessEnv = process.env,
): Promise<LabState> {
  mkdirSync(logFolder(home), { recursive: true });
  // What it prints besides its own log: a warning of Node, the stack of a fault.
  const output = openSync(join(logFolder(home), 'lab-output.log'), 'w');
  const child = spawn(
    process.execPath,
    [...process.execArgv, join(import.meta.dirname, `../cli/main${extname(import.meta.filename)}`), 'up', detachedOption, ...args],
    {
      detached: true,
      stdio: ['ignore', output, output, 'ipc'],
      env,
    },
  );
  closeSync(output);
  signal.addEventListener('abort', () => child.kill('SIGINT'), { once: true });
  try {
    return await new Promise<LabState>((resolve, reject) => {
      child.on('message', (message: UpMessage) => {
        if (message.type === 'line') say(message.text);
        else if (message.type === 'ready') resolve(message.state);
        else reject(new ReplaygroundError(message.code, message.message));
      });
      child.once('error', reject);
      child.once('exit', (code, killed) => {
        const how = killed ? `was killed by ${killed}` : `ended with exit code ${code}`;
        reject(
          signal.aborted
            ? interrupted()
            : new ReplaygroundError('lab-ended', `the lab ${how}: see ${join(logFolder(home), 'lab-output.log')}`),
        );
      });
    });
  } finally {
    if (child.connected) child.disconnect();
    child.unref();
  }
}
