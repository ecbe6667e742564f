import assert from 'node:assert/strict';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { execa } from 'execa';
import type { Report } from '../../src/order-lab/scenario/report/report.ts';
import { projectRoot } from '../../src/pipeline/settings/read-settings.ts';

/** One scenario of the project from its lab to its report: it sends, reads, counts, replays. */
test('poison-messages holds on a lab of its own', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'scenarios-test-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const { PATH, LAB_CACHE, NODE_COMPILE_CACHE } = process.env;
  const env = { PATH, LAB_CACHE, NODE_COMPILE_CACHE, HOME: process.env.HOME, TMPDIR: folder, LAB_HOME: join(folder, '.lab') };
  const args = ['--disable-warning=ExperimentalWarning', join(projectRoot, 'src/order-lab/cli/main.ts'), 'run', 'poison-messages'];
  const { exitCode, stdout, stderr } = await execa(process.execPath, args, { env, extendEnv: false, reject: false });
  assert.equal(exitCode, 0, stdout + stderr);
  const [file = ''] = globSync(join(folder, '.lab/results/poison-messages/*/report.json'));
  const { held, checks } = JSON.parse(readFileSync(file, 'utf8')) as Report;
  assert.ok(held);
  const measured = Object.fromEntries(checks.map((check) => [check.claim, check.measured]));
  assert.equal(measured['bytes that are no UTF-8: bad-utf8'], 'bad-utf8');
  assert.equal(measured['and writes no dead letter again'], '11');
});
