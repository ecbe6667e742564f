/** A scenario of the project as a user runs it, on a lab of its own. */
import assert from 'node:assert/strict';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { execa } from 'execa';
import type { Report } from '../../src/order-lab/scenario/report/report.ts';
import { projectRoot } from '../../src/pipeline/settings/read-settings.ts';

/**
 * @param args of `./lab run`: the scenario's name, then its options
 * @returns what its checks measured, by what they claim; all of them held
 */
export async function runScenario(t: TestContext, ...args: [name: string, ...options: string[]]): Promise<Record<string, unknown>> {
  const folder = mkdtempSync(join(tmpdir(), 'scenarios-test-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const { PATH, LAB_CACHE, NODE_COMPILE_CACHE } = process.env;
  const env = { PATH, LAB_CACHE, NODE_COMPILE_CACHE, HOME: process.env.HOME, TMPDIR: folder, LAB_HOME: join(folder, '.lab') };
  const main = ['--disable-warning=ExperimentalWarning', join(projectRoot, 'src/order-lab/cli/main.ts'), 'run'];
  const { exitCode, stdout, stderr } = await execa(process.execPath, [...main, ...args], { env, extendEnv: false, reject: false });
  assert.equal(exitCode, 0, stdout + stderr);
  const [file = ''] = globSync(join(folder, `.lab/results/${args[0]}/*/report.json`));
  const { held, checks } = JSON.parse(readFileSync(file, 'utf8')) as Report;
  assert.ok(held);
  return Object.fromEntries(checks.map((check) => [check.claim, check.measured]));
}
