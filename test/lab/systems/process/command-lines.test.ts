import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { CommandLines } from '../../../../src/lab/systems/process/command-lines.ts';

const lines = (script: string): CommandLines => new CommandLines(['sh', '-c', script], tmpdir());

test('the first number that is asked for gets the first line, and as much is read as is wanted', async () => {
  using written = lines('n=0; while true; do n=$((n+1)); echo line $n; done');
  await written.reach([41]);
  await written.reach([42, 43]);
  assert.deepEqual(
    [41, 42, 43].map((number) => written.at(number)),
    ['line 1', 'line 2', 'line 3'],
  );
  await written.reach([20_000]);
  assert.equal(written.at(20_000), 'line 19960');
  // Long ago: the oldest that is kept.
  assert.equal(written.at(41), 'line 14961');
});

test('a command that ends is started again', async () => {
  using written = lines('echo a; echo; echo b');
  await written.reach([1, 2, 3, 4, 5]);
  assert.deepEqual(
    [1, 2, 3, 4, 5].map((number) => written.at(number)),
    ['a', 'b', 'a', 'b', 'a'],
  );
});

test('one that ends without a line says why', async () => {
  using written = lines('echo no such file >&2; exit 3');
  await assert.rejects(written.reach([1]), {
    code: 'load-failed',
    message: /^load: sh -c .* ended without a line \(exit code 3\): no such file$/,
  });
  using missing = new CommandLines(['./nowhere'], tmpdir());
  await assert.rejects(missing.reach([1]), { code: 'load-failed', message: /ENOENT/ });
});
