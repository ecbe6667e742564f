import assert from 'node:assert/strict';
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { writeBackup } from '../../../src/kafka/offsets/backup.ts';
import { lockHome } from '../../../src/lab/supervisor/home-lock.ts';
import { dataEntries, deleteData, requireLabHome } from '../../../src/lab/supervisor/lab-home.ts';
import { labIdOf } from '../../../src/lab/supervisor/lab-id.ts';
import { tempHome } from '../../order-lab/fixtures/running-lab.ts';

test('one holder at a time has a home, and it is free again when it lets go', (t) => {
  const home = tempHome(t);
  const first = lockHome(home);
  assert.ok(first);
  assert.equal(lockHome(home), undefined);
  first[Symbol.dispose]();
  const second = lockHome(home);
  assert.ok(second);
  second[Symbol.dispose]();
});

test('a home has one id, whatever way leads to it', (t) => {
  const home = tempHome(t);
  const id = labIdOf(home);
  const alias = join(dirname(home), 'alias');
  symlinkSync(home, alias);
  assert.match(id, /^[0-9a-f]{12}$/);
  assert.equal(labIdOf(alias), id);
  assert.notEqual(labIdOf(join(dirname(home), 'other')), id);
});

test('only what a lab put there is deleted', async (t) => {
  const home = tempHome(t);
  mkdirSync(join(home, 'kafka', 'data'), { recursive: true });
  mkdirSync(join(home, 'logs'));
  lockHome(home)?.[Symbol.dispose]();
  assert.deepEqual(await deleteData(home, dataEntries), [join(home, 'kafka')]);
  assert.ok(existsSync(join(home, 'logs')));
});

test('the backup that an offset reset leaves is no foreign thing', async (t) => {
  const home = tempHome(t);
  writeBackup(home, 'analytics-group', [], new Date());
  assert.deepEqual(await deleteData(home, dataEntries), [join(home, 'offset-backups')]);
});

test('a folder with things of somebody else is left alone', async (t) => {
  const home = tempHome(t);
  mkdirSync(join(home, 'kafka'), { recursive: true });
  writeFileSync(join(home, 'thesis.txt'), '');
  await assert.rejects(deleteData(home, dataEntries), { code: 'not-a-lab', message: /thesis\.txt/ });
  assert.ok(existsSync(join(home, 'kafka')));
});

test('a folder in which no lab ever ran is not a home', (t) => {
  const home = tempHome(t);
  requireLabHome(home);
  mkdirSync(join(home, 'logs'), { recursive: true });
  assert.throws(() => requireLabHome(home), { code: 'not-a-lab' });
});
