/** A system of anybody's in the lab: every verb that is not about orders, its page, and what is left of it when the lab is killed. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import type { LabState } from '../../src/order-lab/wire/lab-state.ts';
import { projectRoot } from '../../src/pipeline/settings/read-settings.ts';
import { seriousViolations } from '../support/browser.ts';
import { openDashboard } from '../support/dashboard.ts';
import { uniqueName } from '../support/kafka.ts';
import { newCli } from '../support/run-cli.ts';
import { until } from '../support/until.ts';

const relay = join(projectRoot, 'test/order-lab/up/relay');
const { lab, page, seen } = await openDashboard({ bypassCSP: true }, ['--system', relay]);
const state = async (): Promise<LabState> => JSON.parse(await lab.run('ps', '--json')) as LabState;
const said = (...args: string[]): Promise<string> => lab.run(...args).catch((error: { stderr?: string }) => error.stderr ?? String(error));
const allRead = async (): Promise<void> => {
  await until(async () => (JSON.parse(await lab.run('lag', '--json')) as { totalLag: number }[])[0]?.totalLag === 0, {
    what: 'all is read',
  });
};

test('its processes run, and the load reaches them by the port that they were given', async () => {
  const { processes, system } = await state();
  assert.deepEqual(
    processes.map(({ name, state: now }) => [name, now]),
    [
      ['kafka', 'healthy'],
      ['entrance', 'healthy'],
      ['copier.1', 'healthy'],
      ['copier.2', 'healthy'],
      ['counter', 'healthy'],
    ],
  );
  assert.equal(system.name, 'relay');
  const { produced } = JSON.parse(await lab.run('burst', '300', '--json')) as { produced: number };
  assert.equal(produced, 300);
  // In the middle of it: what is not read yet is in flight, not lost, and nothing is invented.
  const now = JSON.parse(await lab.run('ledger', '--json')) as { balanced: boolean; ledgers: { ids: number }[] };
  assert.deepEqual([now.balanced, now.ledgers[0]?.ids], [true, 300]);
  await allRead();
  const ledger = JSON.parse(await lab.run('ledger', '--json')) as { balanced: boolean; ledgers: { ids: number; unread: number }[] };
  assert.deepEqual([ledger.balanced, ledger.ledgers[0]?.ids, ledger.ledgers[0]?.unread], [true, 300, 0]);
});

test('the ids of a second burst are new ones', async () => {
  assert.match(await lab.run('burst', '100', '--rate', '1000/s'), /^Published 100 events in /m);
  await allRead();
  assert.match(await lab.run('ledger'), /balanced: 400 ids, 0 in flight/);
});

test('the verbs about processes, groups and topics know it', async () => {
  assert.match(await lab.run('lag'), /^copier +records +1 /m);
  assert.match(await lab.run('lag', '--members'), /^copier +\S+ +\S+ +\S+ +1 /m);
  assert.match(await lab.run('scale', 'copier=3'), /^copier\.3 healthy$/m);
  await lab.run('kill', 'copier.2');
  await until(
    async () =>
      (await state()).processes.some(({ name, restarts, state: now }) => name === 'copier.2' && restarts === 1 && now === 'healthy'),
    {
      what: 'copier.2 is started again',
    },
  );
  assert.match(await lab.run('stop', 'copier'), /^copier\.1 stopped$/m);
  assert.match(await lab.run('offsets', 'plan', '--group', 'copier', '--all-topics', '--to-earliest'), /^copier +records +0 +0 /m);
  assert.match(await lab.run('start', 'copier.1'), /^copier\.1 healthy$/m);
  assert.equal((await lab.run('tail', 'copies', '-n', '3', '--json')).split('\n').length, 3);
  assert.match(await lab.run('dlq', 'list'), /^TOPIC/);
  assert.match(await lab.run('logs', 'copier.1'), /reading/);
});

test('its settings reach its service while that runs, and can be taken back', async () => {
  const { port } = (await state()).processes.find(({ name }) => name === 'counter') ?? {};
  const wish = async (): Promise<unknown> => {
    const answer = await fetch(`http://127.0.0.1:${port}/stats`);
    return ((await answer.json()) as { wish: unknown }).wish;
  };
  const inForce = (wanted: object) =>
    until(async () => isDeepStrictEqual(await wish(), wanted), { what: `the counter follows ${JSON.stringify(wanted)}` });
  assert.match(await lab.run('set', 'counter', 'pace=10', 'mode=slow', 'loud=true'), /^counter +pace +10$/m);
  await inForce({ pace: 10, mode: 'slow', loud: true });
  assert.deepEqual(JSON.parse(await lab.run('set', 'counter', 'pace=007', '--json')), {
    service: 'counter',
    set: { pace: '007', mode: 'slow', loud: true },
  });
  await inForce({ pace: '007', mode: 'slow', loud: true });
  await lab.run('set', 'counter', '--defaults');
  await inForce({});
  assert.deepEqual(JSON.parse(await lab.run('set', 'counter', '--json')), { service: 'counter', set: {} });
  assert.match(await said('set', 'counter', 'pace'), /no setting: write name=value/);
});

test('a replay has its service read all again, and compares the digest that it tells', async () => {
  const { identical, before, after, backup } = JSON.parse(await lab.run('replay', '--json')) as Record<string, unknown>;
  assert.deepEqual([identical, after], [true, before]);
  assert.match(String(before), /^[0-9a-f]{64}$/);
  assert.ok(existsSync(String(backup)));
  assert.match(await lab.run('replay'), /^Identical: "[0-9a-f]{64}"$/m);
});

test('what is about orders says whose it is', async () => {
  for (const verb of [['metrics'], ['burst', '1', '--fail-rate', '0.1']]) {
    assert.match(await said(...verb), /order pipeline, and this lab runs relay|about orders/, verb.join(' '));
  }
  assert.match(await said('set', 'inventory-service', 'throttle=1ms'), /use .*copier/);
  assert.match(await said('scale', 'inventory-service=2'), /use copier/);
  assert.match(await said('up', '--detach'), /runs relay, not orders/);
  assert.equal((await fetch(`${lab.url}/metrics`)).status, 422);
});

test('the page draws it, and sends its load', async () => {
  await page.goto(lab.url);
  await page.getByText('● live').waitFor();
  await page.getByRole('heading', { name: 'The system now' }).waitFor();
  await page.getByRole('link', { name: /^records: 2 partitions/ }).waitFor();
  await page.getByRole('link', { name: /^entrance is healthy/ }).waitFor();
  assert.equal(await page.getByRole('tab', { name: "An order's journey" }).count(), 0);
  const form = page.getByRole('form', { name: 'Send a burst of records' });
  await form.getByLabel('Records').fill('150');
  await form.getByRole('button', { name: 'Send' }).click();
  await form.getByText('150 records written').waitFor();
  await until(async () => (await page.getByTestId('lag-copier').innerText()) === '0', { what: 'the page shows that all is read' });
  const figures = page.getByRole('region', { name: 'Its own figures' });
  await figures.getByText('550', { exact: false }).waitFor();
  assert.deepEqual(await seriousViolations(page), []);
  assert.deepEqual(seen.errors, []);
});

test('nothing of it is left after a lab that was killed', async () => {
  const { pid, processes } = await state();
  process.kill(pid, 'SIGKILL');
  const alive = (one: number): boolean => {
    try {
      return !/^State:\s+Z/m.test(readFileSync(`/proc/${one}/status`, 'utf8'));
    } catch {
      return false;
    }
  };
  const theirs = processes.flatMap(({ pid: one }) => (one === null ? [] : [one]));
  assert.ok(theirs.length > 0 && theirs.every(alive));
  await lab.run('down');
  assert.deepEqual(theirs.filter(alive), []);
});

test('a system that ends at once is a clear line with what it wrote, and nothing is left', async () => {
  using cli = newCli({ LAB_PORT: '0' });
  const folder = mkdtempSync(join(tmpdir(), 'ends at once '));
  try {
    const ends = 'command: [sh, -c, "echo no good >&2; exit 3"]';
    const text = readFileSync(join(relay, 'system.yaml'), 'utf8')
      .replace(/^figures:\n.*\n/m, '')
      .replace(/^ {2}entrance:[\s\S]*?(?= {2}copier:)/m, '')
      .replace(/^ {2}counter:[\s\S]*?(?=ledger:)/m, '')
      .replace(/^(settings|digest): .*\n/gm, '')
      .replace(/command: .*/, ends)
      .replace(/http: .*/, 'topic: records, value: 1 }');
    // On the Kafka of all tests: by names of its own.
    const suffix = uniqueName('');
    const ownNames = text.replaceAll(/(?<!dead-)\b(records|copies|letters|wishes)\b/g, (name) => name + suffix);
    writeFileSync(join(folder, 'system.yaml'), ownNames.replace('load:\n  topic', 'load: { topic'));
    const { exitCode, stderr } = await cli.run('up', '--detach', '--system', folder);
    assert.equal(exitCode, 1, stderr);
    // Either may be the first that is given up.
    assert.match(stderr, /copier\.[12] is restarting: exit code 3/);
    assert.match(stderr, /no good/);
    assert.match((await cli.run('ps')).stderr, /no lab is running/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
