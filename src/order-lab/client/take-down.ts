/** Ends the lab of a LAB_HOME, whether it still answers or was killed. */
import { setTimeout as delay } from 'node:timers/promises';
import { ReplaygroundError } from '../../kafka/errors.ts';
import { lockHome } from '../../lab/supervisor/home-lock.ts';
import { endLeftovers } from '../../lab/supervisor/leftovers.ts';
import { readLabFile, removeLabFile } from '../../pipeline/service/lab-file.ts';
import { findLab } from './lab-client.ts';

/** Services, then Kafka, each with its own patience (ms). */
const deadlineMs = 45_000;

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
  const orphansEnded = await endLeftovers(home, say);
  removeLabFile(home);
  return { wasRunning: lab !== undefined, orphansEnded };
}
