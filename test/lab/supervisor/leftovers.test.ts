import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { listProcesses } from '../../../src/lab/processes/process-list.ts';
import type { LabState } from '../../../src/lab/wire/lab-state.ts';
import { takeDown } from '../../../src/order-lab/client/take-down.ts';
import { startStandInLab, tempHome } from '../../order-lab/fixtures/running-lab.ts';
import { standInEnv } from '../../order-lab/fixtures/stand-in-lab.ts';
import { until } from '../../support/until.ts';

const program = join(import.meta.dirname, '../../order-lab/fixtures/stand-in-lab.ts');

/** Not by a signal: an orphan that ended may wait for a long time until the system forgets it. */
async function running(pids: readonly number[]): Promise<number[]> {
  const all = new Set((await listProcesses()).map(({ pid }) => pid));
  return pids.filter((pid) => all.has(pid));
}

/** @returns the pids of the services of a lab that was ended by SIGKILL */
async function killLab(t: TestContext, home: string, standIn: string): Promise<number[]> {
  const child = fork(program, { env: { ...standInEnv(home), STAND_IN: standIn }, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  t.after(() => child.kill('SIGKILL'));
  const [state] = (await once(child, 'message')) as [LabState];
  const pids = state.processes.map(({ pid }) => pid as number);
  assert.deepEqual(await running(pids), pids);
  child.kill('SIGKILL');
  await once(child, 'exit');
  return pids;
}

test('services end by themselves when their lab is killed', async (t) => {
  const pids = await killLab(t, tempHome(t), '');
  await until(async () => (await running(pids)).length === 0, { what: 'all services are gone' });
});

test('what hangs on after its lab was killed is ended by the next down', async (t) => {
  const home = tempHome(t);
  const pids = await killLab(t, home, 'stubborn');
  assert.deepEqual(await running(pids), pids);
  const said: string[] = [];
  const result = await takeDown(home, (line) => said.push(line));
  assert.deepEqual(result, { wasRunning: false, orphansEnded: 3 });
  assert.deepEqual(await running(pids), []);
  assert.match(said.join('\n'), /left by a lab that was killed/);
});

test('and by the next up, which then runs on its own', async (t) => {
  const home = tempHome(t);
  const pids = await killLab(t, home, 'stubborn');
  const { client } = await startStandInLab(t, home);
  assert.deepEqual(await running(pids), []);
  assert.ok((await client.state()).ready);
});

test('down in a home where nothing runs has nothing to do', async (t) => {
  assert.deepEqual(await takeDown(tempHome(t), () => {}), { wasRunning: false, orphansEnded: 0 });
});
