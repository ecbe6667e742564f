/** A whole lab with a Kafka of its own, as `./lab up --detach` gives it, for tests that look at it from outside. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import type { LabState } from '../../src/order-lab/wire/lab-state.ts';
import { projectRoot } from '../../src/pipeline/settings/read-settings.ts';
import { checkAnswer } from './answers.ts';

export type OwnLab = AsyncDisposable & { home: string; url: string; run: (...args: string[]) => Promise<string> };

/**
 * @param env added to what the lab sees
 * @param how arguments of `up`
 * @returns a lab that is healthy, on ports that were free
 */
export async function startOwnLab(env: Record<string, string> = {}, how: readonly string[] = []): Promise<OwnLab> {
  const folder = mkdtempSync(join(tmpdir(), 'replayground-lab-'));
  const home = join(folder, '.lab');
  // A test that is about group protocols names them itself, whatever the storms around it run by.
  const { KAFKA_BROKERS: _shared, GROUP_PROTOCOL: _given, ...inherited } = process.env;
  const run = async (...args: string[]): Promise<string> => {
    const main = join(projectRoot, 'src/order-lab/cli/main.ts');
    const { stdout } = await execa(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...args], {
      extendEnv: false,
      env: {
        ...inherited,
        LAB_HOME: home,
        METRICS_DIR: join(folder, 'results'),
        LAB_PORT: '0',
        KAFKA_PORT: '0',
        ORDER_SERVICE_PORT: '0',
        ANALYTICS_SERVICE_PORT: '0',
        UV_THREADPOOL_SIZE: '8',
        ...env,
      },
      timeout: 180_000,
    });
    checkAnswer(args, stdout);
    return stdout;
  };
  try {
    await run('up', '--detach', ...how);
    const { urls } = JSON.parse(await run('ps', '--json')) as LabState;
    return {
      home,
      url: urls.lab,
      run,
      [Symbol.asyncDispose]: async () => {
        await run('down');
        rmSync(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await run('down').catch(() => {});
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/**
 * @param lab that something was waited for in
 * @param waiting what may fail
 * @returns what it gives; its error tells what the lab's processes did and wrote last
 */
export async function withLogs<T>(lab: OwnLab, waiting: Promise<T>): Promise<T> {
  try {
    return await waiting;
  } catch (error) {
    const told = await Promise.all([lab.run('ps'), lab.run('logs', '-n', '30')].map((one) => one.catch(String)));
    throw new Error([(error as Error).message, ...told].join('\n'), { cause: error });
  }
}
