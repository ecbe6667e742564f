import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readEnvFiles } from '../../../src/order-lab/cli/env-files.ts';

test('variables come from files; what the environment has goes before, and the later file too', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'env-files-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const [one, two] = ['one.env', 'two.env'].map((name) => join(folder, name)) as [string, string];
  writeFileSync(one, '# throttles\nTHROTTLE_MS=1\nFAIL_RATE="0.2"\nLAB_PORT=1\n');
  writeFileSync(two, 'THROTTLE_MS=2\n');
  const env: NodeJS.ProcessEnv = { LAB_PORT: '9' };
  readEnvFiles([one, two], env);
  assert.deepEqual(env, { LAB_PORT: '9', THROTTLE_MS: '2', FAIL_RATE: '0.2' });
  assert.throws(() => readEnvFiles([join(folder, 'none.env')], env), { code: 'usage', message: /^--env-file .*none\.env cannot be read/ });
});
