import assert from 'node:assert/strict';
import { globSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { execa } from 'execa';
import type { Report } from '../../../src/order-lab/scenario/report/report.ts';
import type { LabState } from '../../../src/order-lab/wire/lab-state.ts';
import { fits } from '../../support/answers.ts';
import { readRecording } from '../../support/read-recording.ts';
import { until } from '../../support/until.ts';

const main = join(import.meta.dirname, '../../../src/order-lab/cli/main.ts');
const fixture = (name: string): string => join(import.meta.dirname, 'fixtures', `${name}.ts`);
const freePorts = { LAB_PORT: '0', KAFKA_PORT: '0', ORDER_SERVICE_PORT: '0', ANALYTICS_SERVICE_PORT: '0' };

/** The command line as people use it, with a home, a results folder and a temporary folder of the test's own. */
function commandLine() {
  const folder = mkdtempSync(join(tmpdir(), 'scenario-test-'));
  const temp = join(folder, 'tmp');
  mkdirSync(temp);
  const { PATH = '', HOME = folder, NODE_COMPILE_CACHE } = process.env;
  const env = { PATH, HOME, NODE_COMPILE_CACHE, TMPDIR: temp, LAB_HOME: join(folder, '.lab'), ...freePorts };
  const labWith = (more: Record<string, string>, ...args: string[]) =>
    execa(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...args], {
      env: { ...env, ...more },
      extendEnv: false,
      reject: false,
    });
  const lab = (...args: string[]) => labWith({}, ...args);
  const reports = (name: string): Report[] =>
    globSync(join(folder, '.lab', 'results', name, '*', 'report.json'))
      .sort()
      .map((file) => JSON.parse(readFileSync(file, 'utf8')));
  return { folder, temp, lab, labWith, reports, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

describe('a lab of its own', () => {
  it('is there for one run and gone after it; the evidence stays', async (t) => {
    const { folder, temp, lab, remove } = commandLine();
    t.after(remove);
    const { exitCode, stdout, stderr } = await lab('run', fixture('tiny'));
    assert.equal(exitCode, 0, stdout + stderr);
    assert.match(stdout, /3 of 3 checks held/);
    assert.match(stdout, /^ +\/.*\/tiny\/.*\/metrics_output\.txt$/m, 'where the metrics lie is said');
    assert.match(stderr, /burst of 100 orders/);
    const [run = ''] = globSync(join(folder, '.lab/results/tiny/*'));
    for (const file of ['junit.xml', 'metrics_output.txt', 'recording.html', 'report.html', 'report.json'])
      assert.ok(readdirSync(run).includes(file), file);
    assert.match(readFileSync(join(run, 'report.html'), 'utf8'), /<svg role="img"/);
    assert.doesNotMatch(readFileSync(join(run, 'report.html'), 'utf8'), /NaN/);
    assert.match(readFileSync(join(run, 'report.html'), 'utf8'), /href="recording.html"/);
    const { facts, frames } = await readRecording(join(run, 'recording.html'));
    assert.equal(facts.title, (JSON.parse(readFileSync(join(run, 'report.json'), 'utf8')) as Report).title);
    assert.ok(frames.some(({ live }) => live.groups.length === 2));
    assert.match(readFileSync(join(folder, '.lab/results/index.html'), 'utf8'), /tiny\/.*\/report.html/);
    assert.deepEqual(readdirSync(temp), [], 'its home is deleted');
    assert.deepEqual(readdirSync(join(folder, '.lab')), ['results'], 'the home of the caller has nothing but the evidence');
  });

  it('runs by the settings that are given, and the report says so', async (t) => {
    const { labWith, remove } = commandLine();
    t.after(remove);
    const { exitCode, stdout, stderr } = await labWith({ FAIL_RATE: '0.5' }, 'run', fixture('half-fails'), '--json');
    fits('run', JSON.parse(stdout));
    assert.equal(exitCode, 0, stdout + stderr);
    const [report] = JSON.parse(stdout) as Report[];
    assert.match(report?.command ?? '', /^INVENTORY_FAIL_RATE=0.5 \.\/lab run \/.*half-fails\.ts$/);
    assert.deepEqual(report?.environment, { INVENTORY_FAIL_RATE: '0.5' });
    assert.ok(report?.settings.some(({ name, value }) => name === 'INVENTORY_FAIL_RATE' && value === '0.5'));
  });

  it('is refused before it starts where a given setting cannot be obeyed', async (t) => {
    const { folder, labWith, remove } = commandLine();
    t.after(remove);
    for (const [env, args, line] of [
      [{ KAFKA_BROKERS: '127.0.0.1:1' }, ['burst-10k'], /^lab: KAFKA_BROKERS="127.0.0.1:1", but a lab of its own has a Kafka of its own/],
      [{ FAIL_RATE: '0.5' }, ['fail-rate'], /^lab: FAIL_RATE=0.5, but fail-rate runs its lab with 0.3: leave it out$/],
      [{ FAIL_RATE: '0.5' }, ['--all'], /^lab: FAIL_RATE=0.5, but fail-rate runs its lab with 0.3: leave it out$/],
    ] as const) {
      const { exitCode, stdout, stderr } = await labWith(env, 'run', ...args);
      assert.match(stderr, line);
      assert.deepEqual([exitCode, stdout], [2, '']);
    }
    assert.deepEqual(readdirSync(folder), ['tmp'], 'nothing was started');
  });

  it('names the order whose outcome chance has changed', async (t) => {
    const { lab, remove } = commandLine();
    t.after(remove);
    const { exitCode, stdout, stderr } = await lab('run', fixture('random-outcome'), '--json');
    fits('run', JSON.parse(stdout));
    assert.equal(exitCode, 1, stdout + stderr);
    const [report] = JSON.parse(stdout) as Report[];
    assert.ok(
      ['recording-1.html', 'recording.html'].every((file) => report?.files.includes(file)),
      'each of its two labs is recorded',
    );
    const broken = report?.checks.filter(({ held }) => !held) ?? [];
    assert.deepEqual(
      broken.map(({ claim }) => claim),
      ['no order has another outcome than before'],
    );
    assert.match(broken[0]?.lookAt ?? '', /--key \w+-\d+/);
  });

  it('goes away at Ctrl-C, with exit code 130 and nothing left behind', async (t) => {
    const { folder, temp, lab, remove } = commandLine();
    t.after(remove);
    const running = lab('run', fixture('endless'));
    let seen = '';
    running.stderr?.on('data', (chunk) => {
      seen += chunk;
    });
    await until(() => /endless is under way/.test(seen), { what: 'the scenario is under way' });
    const [home = ''] = globSync(join(temp, '*/.lab'));
    const { pid } = JSON.parse(readFileSync(join(home, 'lab.json'), 'utf8')) as { pid: number };
    running.kill('SIGINT');
    const { exitCode } = await running;
    assert.equal(exitCode, 130);
    assert.deepEqual(readdirSync(temp), []);
    assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
    assert.deepEqual(globSync(join(folder, '.lab/results/endless/*')), [], 'a run that was called off is no evidence');
  });
});

describe('in the running lab', () => {
  const { lab, reports, remove } = commandLine();
  before(async () => {
    const { exitCode, stderr } = await lab('up', '--detach', '--group-protocol', 'consumer');
    assert.equal(exitCode, 0, stderr);
  });
  after(async () => {
    await lab('down');
    remove();
  });

  it('goes by the group protocol that it was told', async () => {
    const groups = async () => JSON.parse((await lab('lag', '--state', '--json')).stdout) as { state: string; type: string }[];
    // Right after a start the group may still give its members their partitions.
    const found = await until(
      async () => {
        const all = await groups();
        return all.every(({ state }) => state === 'Stable') && all;
      },
      { what: 'all groups are stable' },
    );
    assert.deepEqual(
      found.map(({ type }) => type),
      ['Consumer', 'Consumer'],
    );
  });

  it('holds, counts only its own orders, and leaves the lab as it found it', async () => {
    await lab('burst', '50');
    await lab('set', 'inventory-service', 'fail-rate=0.5');
    const { exitCode, stdout, stderr } = await until(
      async () => {
        const run = await lab('run', fixture('tiny'), '--here');
        return !/not-empty|empty pipeline/.test(run.stderr) && run;
      },
      { what: 'the pipeline is empty' },
    );
    assert.equal(exitCode, 0, stdout + stderr);
    const { set } = JSON.parse((await lab('set', 'inventory-service', '--json')).stdout);
    assert.deepEqual(set, { failRate: 0.5 });
    await lab('set', 'inventory-service', '--defaults');
  });

  it('makes what the scenario begins with, reads any topic since the run began, and puts everything back', async () => {
    await lab('scale', 'inventory-service=2');
    await lab('set', 'inventory-service', 'fail-rate=1');
    await lab('kafka', 'topics', '--create', '--topic', 'own-topic', '--partitions', '1');
    const producer = lab('kafka', 'console-producer', '--topic', 'own-topic');
    producer.stdin?.end('old\n');
    assert.equal((await producer).exitCode, 0);
    const { exitCode, stdout, stderr } = await lab('run', fixture('expects-one'), '--here');
    assert.equal(exitCode, 0, stdout + stderr);
    assert.match(stderr, /begins with 1 instance of inventory-service/);
    const { processes } = JSON.parse((await lab('ps', '--json')).stdout) as LabState;
    assert.equal(processes.filter(({ service }) => service === 'inventory-service').length, 2);
    assert.deepEqual(JSON.parse((await lab('set', 'inventory-service', '--json')).stdout).set, { failRate: 1 });
    await lab('set', 'inventory-service', '--defaults');
    await lab('scale', 'inventory-service=1');
  });

  it('names the check whose bound is wrong, and goes on to the others', async () => {
    const { exitCode, stdout, stderr } = await lab('run', fixture('wrong-bound'), '--here');
    assert.equal(exitCode, 1);
    assert.match(stdout, /NOT HELD +a hundred orders are a thousand/);
    assert.match(stdout, /expected 1,000, measured 100/);
    assert.match(stdout, /look at: \.\/lab metrics/);
    assert.match(stdout, /held +a later check is still made/);
    assert.match(stderr, /not every check held: wrong-bound/);
    const [report] = reports('wrong-bound');
    assert.equal(report?.held, false);
  });

  it('names the order that a service has dropped', async () => {
    const { exitCode, stdout } = await lab('run', fixture('drops-an-order'), '--here', '--json');
    fits('run', JSON.parse(stdout));
    assert.equal(exitCode, 1);
    const [report] = JSON.parse(stdout) as Report[];
    const broken = report?.checks.filter(({ held }) => !held) ?? [];
    assert.deepEqual(
      broken.map(({ claim, measured }) => [claim, measured]),
      [['no order is without a decision', '1']],
    );
    assert.match(broken[0]?.lookAt ?? '', /--key \w+-\d+/);
  });

  it('names the step that fails', async () => {
    const { exitCode, stdout } = await lab('run', fixture('fails'), '--here');
    assert.equal(exitCode, 1);
    assert.match(stdout, /NOT HELD +the scenario ran to its end/);
    assert.match(stdout, /step "wait until pigs fly": not within 1 s: pigs fly \(last seen: inventory-service lag 0/);
  });
});

it('refuses a scenario that needs a lab of its own in the running one, with exit code 2', async (t) => {
  const { lab, remove } = commandLine();
  t.after(remove);
  const { exitCode, stdout, stderr } = await lab('run', fixture('sets-variables'), '--here');
  assert.equal(exitCode, 2);
  assert.match(stderr, /sets-variables needs a lab of its own/);
  assert.equal(stdout, '');
});

it('lists the scenarios with one line each', async (t) => {
  const { lab, remove } = commandLine();
  t.after(remove);
  const { exitCode, stdout } = await lab('scenarios');
  assert.equal(exitCode, 0);
  assert.match(stdout, /^consumer-lag +A C2 D2 E-C5 +One slow instance/m);
  const listed = JSON.parse((await lab('scenarios', '--json')).stdout) as { name: string; exercises: string[] }[];
  assert.ok(listed.some(({ name, exercises }) => name === 'burst-10k' && exercises.includes('B1')));
});
