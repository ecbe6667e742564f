import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readSystem } from '../../../../src/lab/systems/file/read-system.ts';
import { setUpSystem } from '../../../../src/lab/systems/process/set-up.ts';

/** Says so beside its folder, each time. */
const setup = [['sh', '-c', 'mkdir -p made && echo again >> ../said && touch made/program']];
const service = { setup, 'setup-from': ['source'], command: ['sh', '-c', 'true'], reads: [], writes: [] };

test('a system is set up once, and again when a file that it is made from has changed, or what was made is gone', async (t) => {
  const home = mkdtempSync(join(tmpdir(), 'set up '));
  t.after(() => rmSync(home, { recursive: true, force: true }));
  const folder = mkdtempSync(join(home, 'system-'));
  const anySystem = readSystem(join(import.meta.dirname, '../../crash-test/consumers/system.yaml'));
  const system = { ...anySystem, folder, services: { worker: service } };
  writeFileSync(join(folder, 'source'), 'one');
  const lines: string[] = [];
  const times = async (): Promise<number> => {
    const options = { say: (line: string) => lines.push(line), signal: t.signal, cacheDir: join(home, 'cache') };
    await setUpSystem(system, options);
    return readFileSync(join(home, 'said'), 'utf8').split('\n').length - 1;
  };
  assert.deepEqual([await times(), await times()], [1, 1]);
  appendFileSync(join(folder, 'source'), 'two');
  assert.deepEqual([await times(), await times()], [2, 2]);
  rmSync(join(folder, 'made'), { recursive: true });
  assert.deepEqual([await times(), await times()], [3, 3]);
  assert.equal(lines.length, 3);
  assert.match(lines[0] ?? '', /^setting up worker: sh -c /);
});
