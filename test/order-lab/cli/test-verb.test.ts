import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { newCli } from '../../support/run-cli.ts';
import { tempHome } from '../../support/temp-home.ts';

test('a test file whose process is ended by a signal is told with that signal, not only as failed', async () => {
  using cli = newCli();
  await using folder = await tempHome();
  const file = join(folder.path, 'ends.test.ts');
  writeFileSync(file, "process.kill(process.pid, 'SIGSEGV');\nsetInterval(() => {}, 1000);\n");
  const { exitCode, stdout, stderr } = await cli.run('test', file);
  assert.equal(exitCode, 1);
  assert.match(stderr, /the process of .*ends\.test\.ts was ended by SIGSEGV/);
  assert.match(stdout, /failed 1,/);
});
