import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { lockHome } from '../../../../src/lab/supervisor/home-lock.ts';
import { resetAndTell } from '../../../../src/order-lab/cli/verbs/reset.ts';
import { readSettings } from '../../../../src/pipeline/settings/read-settings.ts';
import { tempHome } from '../../fixtures/running-lab.ts';

test('a reset leaves the results; with --all they go too, and what somebody chose as METRICS_DIR stays', async (t) => {
  const home = tempHome(t);
  const elsewhere = join(dirname(home), 'elsewhere');
  const fill = (): void => {
    lockHome(home)?.[Symbol.dispose]();
    for (const folder of ['kafka', 'logs', 'results']) mkdirSync(join(home, folder), { recursive: true });
    mkdirSync(elsewhere, { recursive: true });
    writeFileSync(join(elsewhere, 'mine.txt'), '');
  };
  const left = (): string[] => ['kafka', 'logs', 'results'].filter((name) => existsSync(join(home, name)));
  fill();
  await resetAndTell(readSettings({ LAB_HOME: home }), { all: false, json: true });
  assert.deepEqual(left(), ['results']);
  fill();
  await resetAndTell(readSettings({ LAB_HOME: home }), { all: true, json: true });
  assert.deepEqual(left(), []);
  fill();
  await resetAndTell(readSettings({ LAB_HOME: home, METRICS_DIR: elsewhere }), { all: true, json: true });
  assert.deepEqual([left(), existsSync(join(elsewhere, 'mine.txt'))], [['results'], true]);
});
