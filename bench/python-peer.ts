/** Makes the Python peers ready: a virtual environment in the user's cache, with the packages that requirements.txt pins. */
import { createHash } from 'node:crypto';
import { access, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { defaultCacheDir } from '../src/lab/broker/jars.ts';
import { newRunId } from '../src/pipeline/orders/run-id.ts';
import type { Command } from './contender.ts';

const folder = join(import.meta.dirname, 'peers', 'python');
const installTimeoutMs = 300_000;

/** A Python with the peers' packages, or why there is none. */
export type Python = { ok: true; file: string; version: string; clientVersion: string } | { ok: false; why: string };

/**
 * Never throws: where Python, `venv` or the package index is missing, the rows of these peers say so.
 * @param say gets a line when packages are installed
 */
export async function findPython(say: (line: string) => void): Promise<Python> {
  try {
    const python = process.platform === 'win32' ? 'python' : 'python3';
    const { stdout } = await execa(python, ['--version']);
    const version = stdout.replace(/^Python\s+/, '');
    const requirements = await readFile(join(folder, 'requirements.txt'), 'utf8');
    const name = createHash('sha256').update(version).update(requirements).digest('hex').slice(0, 12);
    const home = join(defaultCacheDir(), `bench-python-${name}`);
    const file = join(home, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
    if (!(await exists(join(home, 'complete')))) {
      say('installing the packages of the Python peers (once)');
      await install(python, home);
    }
    return { ok: true, file, version, clientVersion: /confluent-kafka==(\S+)/.exec(requirements)?.[1] ?? 'unknown' };
  } catch (error) {
    const { shortMessage, stderr, message } = error as { shortMessage?: string; stderr?: string; message: string };
    const lastLine = stderr?.trim().split('\n').at(-1);
    return { ok: false, why: `no Python peer: ${[shortMessage ?? message, lastLine].filter(Boolean).join(': ').slice(0, 300)}` };
  }
}

/** Built where it stays, since a virtual environment knows its own path; a marker says that it is complete. */
async function install(python: string, home: string): Promise<void> {
  await mkdir(defaultCacheDir(), { recursive: true });
  await rm(home, { recursive: true, force: true });
  await execa(python, ['-m', 'venv', home], { timeout: installTimeoutMs });
  const pip = join(home, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  await execa(pip, ['-m', 'pip', 'install', '--quiet', '--requirement', join(folder, 'requirements.txt')], { timeout: installTimeoutMs });
  await writeFile(join(home, 'complete'), '');
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/**
 * @param menuFile what the orders are made of, as JSON
 * @returns the command of the peer that only sends
 */
export const produceCommand = (
  python: string,
  { brokers, topic, orders, menuFile }: { brokers: string; topic: string; orders: number; menuFile: string },
): Command => ({
  command: python,
  args: [join(folder, 'produce.py'), brokers, topic, String(orders), newRunId(), menuFile],
});

/** @returns the command of the peer that serves `POST /produce` */
export const httpCommand = (python: string, brokers: string, topic: string, port: number): Command => ({
  command: python,
  args: [join(folder, 'http_orders.py')],
  env: { KAFKA_BROKERS: brokers, ORDERS_TOPIC: topic, PORT: String(port) },
});
