import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { worksIn } from '../../../src/lab/processes/folder-processes.ts';
import { clearLeftFolders, makeTempFolder } from '../../../src/lab/processes/temp-folder.ts';
import { alive } from '../../order-lab/fixtures/running-lab.ts';
import { until } from '../../support/until.ts';

const prefix = `folder-test-${process.pid}-`;

/** A process in a group of its own, as a service of a lab is. */
function startInside(folder: string): number {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], {
    detached: true,
    stdio: 'ignore',
    env: { LAB_HOME: join(folder, 'some/lab') },
  });
  child.unref();
  return child.pid as number;
}

test('who works in a folder is told by its variables, not by names that only begin alike', () => {
  assert.ok(worksIn(['PATH=/bin', 'LAB_HOME=/tmp/a/lab'], '/tmp/a'));
  assert.ok(worksIn(['TMPDIR=/tmp/a'], '/tmp/a'));
  assert.ok(worksIn(['java', '-Dreplayground.log=/tmp/a/kafka/1/broker.log'], '/tmp/a'));
  assert.ok(!worksIn(['LAB_HOME=/tmp/ab/lab', 'OTHER=/tmp/a', 'less', '/tmp/a/lab.log'], '/tmp/a'));
});

test('a folder goes with all that works in it', async () => {
  const folder = makeTempFolder(prefix);
  const pid = startInside(folder.path);
  await until(async () => (await folder.remove()) > 0 || !alive(pid), { what: 'the process is ended' });
  await until(() => !alive(pid), { what: 'it is gone' });
  assert.ok(!existsSync(folder.path));
});

test('a folder whose owner was killed is cleared at the next start; one that is in use, kept, or nobody’s is not', async (t) => {
  const owner = spawn(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      '--input-type=module',
      '-e',
      `import { makeTempFolder } from ${JSON.stringify(join(import.meta.dirname, '../../../src/lab/processes/temp-folder.ts'))};
       console.log(makeTempFolder(${JSON.stringify(prefix)}).path); setInterval(() => {}, 1000);`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  t.after(() => owner.kill('SIGKILL'));
  const [chunk] = (await new Promise((resolve) => owner.stdout.once('data', (data) => resolve([data])))) as [Buffer];
  const left = chunk.toString().trim();
  await using used = makeTempFolder(prefix);
  const kept = makeTempFolder(prefix);
  await kept.keep();
  const foreign = mkdtempSync(join(tmpdir(), prefix));
  t.after(() => {
    for (const path of [kept.path, foreign]) rmSync(path, { recursive: true });
  });
  const orphan = startInside(left);
  const said: string[] = [];

  await clearLeftFolders(prefix, (line) => said.push(line));
  assert.equal(said.length, 0, 'its owner lives');
  owner.kill('SIGKILL');
  await new Promise((resolve) => owner.once('exit', resolve));
  await clearLeftFolders(prefix, (line) => said.push(line));
  assert.deepEqual(said, [`cleared ${left}, left by a run that was killed, with 1 process`]);
  await until(() => !alive(orphan), { what: 'what worked there is gone' });
  assert.deepEqual([left, used.path, kept.path, foreign].map(existsSync), [false, true, true, true]);
});
