/**
 * The processes that work in a temporary folder, and their end. Labs, their services and their Kafka lead process groups of their own, so
 * no signal to a group reaches them all; what they share is the environment, which every child inherits.
 */
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';

/** Variables that say where a process of a lab, of a system, or of a test, works; and where a broker does that was started beside a lab. */
const marks = ['TMPDIR', 'LAB_HOME', 'LAB_STATE_DIR', '-Dreplayground.log'] as const;
/** SIGKILL takes effect at once but for a process that waits for a disk (ms). */
const patienceMs = 10_000;

/**
 * @param words variables as `NAME=value` and arguments of one process, in any order
 * @param folder absolute path
 * @returns whether the process works in that folder, or in one inside it
 */
export function worksIn(words: readonly string[], folder: string): boolean {
  return words.some((word) => marks.some((mark) => word === `${mark}=${folder}` || word.startsWith(`${mark}=${folder}/`)));
}

/** @returns the ids of the processes that work in the folder, but for this one */
export async function processesIn(folder: string): Promise<number[]> {
  const all = process.platform === 'linux' ? await fromProc() : await fromPs();
  return all.filter(({ pid, words }) => pid !== process.pid && worksIn(words, folder)).map(({ pid }) => pid);
}

/**
 * SIGKILL until none is left: what they were at is deleted with the folder, so none needs to end in order.
 * @returns how many there were
 */
export async function endProcessesIn(folder: string): Promise<number> {
  const ended = new Set<number>();
  const end = Date.now() + patienceMs;
  for (let left = await processesIn(folder); left.length > 0 && Date.now() < end; left = await processesIn(folder)) {
    for (const pid of left) {
      ended.add(pid);
      kill(pid);
    }
    await delay(20);
  }
  return ended.size;
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It is gone already.
  }
}

type Listed = { pid: number; words: string[] };

async function fromProc(): Promise<Listed[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  // Those of other users cannot be read, and a zombie has none.
  const wordsOf = async (pid: number, file: string): Promise<string[]> =>
    (await readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')).split('\0');
  const read = async (pid: number): Promise<Listed> => ({
    pid,
    words: (await Promise.all(['environ', 'cmdline'].map((file) => wordsOf(pid, file)))).flat(),
  });
  return await Promise.all(pids.map(read));
}

/** BSD's `e` puts the environment behind the command line; a value with a space in it is cut there, which no folder made here has. */
async function fromPs(): Promise<Listed[]> {
  const { stdout } = await execa('ps', ['-axeww', '-o', 'pid=,command='], { reject: false });
  return stdout.split('\n').flatMap((line) => {
    const [, pid, rest = ''] = /^\s*(\d+)\s+(.*)$/.exec(line) ?? [];
    return pid === undefined ? [] : [{ pid: Number(pid), words: rest.split(' ') }];
  });
}
