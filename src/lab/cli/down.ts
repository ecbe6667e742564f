/** `./lab down`: stops the lab of this LAB_HOME, and ends what a killed one left behind. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import { ReplaygroundError } from '../../kafka/errors.ts';
import { readLabFile, removeLabFile } from '../../pipeline/service/lab-file.ts';
import { readSettings } from '../../pipeline/settings/read-settings.ts';
import { findLab } from '../client/lab-client.ts';
import { lockHome } from '../supervisor/home-lock.ts';
import { labIdOf } from '../supervisor/lab-id.ts';
import { endLeftovers } from '../supervisor/leftovers.ts';
import { note, print, printJson, withJson } from '../terminal/output.ts';

/** Services, then Kafka, each with its own patience (ms). */
const deadlineMs = 45_000;

export function register(program: Command): void {
  withJson(program.command('down'))
    .description('stop the services, then Kafka; the data stays')
    .option('-v, --volumes', 'delete the data too, as ./lab reset --yes')
    .addHelpText('after', '\nExample:\n  ./lab down')
    .action(async ({ volumes, json }: { volumes?: boolean; json?: boolean }) => {
      const settings = readSettings();
      if (volumes) {
        const { resetAndTell } = await import('./reset.ts');
        return await resetAndTell(settings, { all: false, json: json ?? false });
      }
      const { labHome } = settings;
      const result = await takeDown(labHome, note);
      if (json) printJson(result);
      else print(result.wasRunning ? 'the lab is down' : `no lab was running in ${labHome}`);
    });
}

/**
 * @param home LAB_HOME; nothing of this lab runs there afterwards
 * @param say gets one line for each orphan that is ended
 * @throws ReplaygroundError `lab-stuck` when a running lab does not go away
 */
export async function takeDown(home: string, say: (line: string) => void): Promise<{ wasRunning: boolean; orphansEnded: number }> {
  const lab = await findLab(home);
  await lab?.post('/api/down').catch(() => {});
  const end = Date.now() + deadlineMs;
  let lock = lockHome(home);
  while (!lock && Date.now() < end) {
    await delay(50);
    lock = lockHome(home);
    // One that was still starting when we asked first.
    if (!lock && !lab) await (await findLab(home))?.post('/api/down').catch(() => {});
  }
  if (!lock) {
    const pid = readLabFile(home)?.pid;
    throw new ReplaygroundError('lab-stuck', `the lab in ${home} does not go down${pid ? `: kill -9 ${pid}, then ./lab down again` : ''}`);
  }
  using _held = lock;
  const orphansEnded = await endLeftovers(labIdOf(home), say);
  removeLabFile(home);
  return { wasRunning: lab !== undefined, orphansEnded };
}
