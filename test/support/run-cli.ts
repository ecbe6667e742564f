/** Runs `./lab` verbs as a user does, in a process of their own, on a LAB_HOME of their own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { projectRoot } from '../../src/pipeline/settings/read-settings.ts';
import { checkAnswer, checkFailure } from './answers.ts';
import { brokers } from './kafka.ts';

export type CliResult = { exitCode: number; stdout: string; stderr: string };

export type Cli = Disposable & {
  home: string;
  run: (...args: string[]) => Promise<CliResult>;
};

/** @param env added to what the verbs see */
export function newCli(env: Record<string, string> = {}): Cli {
  const folder = mkdtempSync(join(tmpdir(), 'replayground-cli-'));
  const home = join(folder, 'lab');
  const main = join(projectRoot, 'src/order-lab/cli/main.ts');
  return {
    home,
    run: async (...args) => {
      const { exitCode, stdout, stderr } = await execa(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...args], {
        extendEnv: false,
        env: {
          PATH: process.env.PATH,
          HOME: process.env.HOME,
          KAFKA_BROKERS: brokers(),
          LAB_HOME: home,
          LAB_CACHE: process.env.LAB_CACHE,
          NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
          KAFKA_JVM_PERFORMANCE_OPTS: process.env.KAFKA_JVM_PERFORMANCE_OPTS,
          ...env,
        },
        reject: false,
        timeout: 120_000,
      });
      checkAnswer(args, stdout);
      if (args.includes('--json') && stdout === '' && (exitCode === 1 || exitCode === 2)) checkFailure(stderr);
      return { exitCode: exitCode ?? -1, stdout, stderr };
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}
