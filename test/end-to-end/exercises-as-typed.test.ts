/** The commands of docs/exercises.md, as they stand there: what a reader types must do what the page says. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { execa } from 'execa';
import type { LabState } from '../../src/order-lab/wire/lab-state.ts';
import { projectRoot } from '../../src/pipeline/settings/read-settings.ts';
import { until } from '../support/until.ts';

/** What goes on until somebody ends it. */
const endless = /--watch|logs -f/;
/** A service in a terminal of its own, and what it says when it is there. */
const services = [
  { command: './lab node src/inventory/main.ts', says: /partitions assigned/ },
  { command: './lab node src/analytics/main.ts', says: /=== Order metrics ===/ },
];
/** What is about another way to run the services, builds, or starts the lab again. */
const elsewhere = /docker compose|npx tsc|dist\/|lab down|LOG_LEVEL/;
const freePorts = { LAB_PORT: '0', KAFKA_PORT: '0', ORDER_SERVICE_PORT: '0', ANALYTICS_SERVICE_PORT: '0' };

const page = readFileSync(join(projectRoot, 'docs/exercises.md'), 'utf8');
const textOf = (section: string): string => page.split(/^## /m).find((one) => one.startsWith(`${section}. `)) ?? '';
const codeIn = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code.replaceAll('\\|', '|'));

/** @returns the commands of a section's tables, in their order */
function commandsOf(section: string): string[] {
  const cells = [...textOf(section).matchAll(/^\|[^|]*\| (.*?) \| [^|]*\|$/gm)].map(([, cell = '']) => cell);
  const commands = cells
    .flatMap(codeIn)
    .filter((code) => /^([A-Z_]+=\S+ )*(\.\/lab|curl|scenarios\/|printf|diff)/.test(code) && !elsewhere.test(code));
  assert.ok(commands.length > 5, `${commands.length} commands in section ${section}`);
  return commands;
}

/** @returns what the text before a section's table says to type first */
const preludeOf = (section: string): string[] =>
  codeIn(textOf(section).replaceAll(/^\|.*$/gm, '')).filter((code) => /^\.\/lab (up|stop) /.test(code));

/** Terminals in a folder as a reader has it, with a lab of the test's own on ports that were free. */
function openTerminals(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'exercises-'));
  for (const name of ['lab', 'src', 'scenarios']) symlinkSync(join(projectRoot, name), join(folder, name));
  const { KAFKA_BROKERS: _shared, ...inherited } = process.env;
  const env: NodeJS.ProcessEnv = { ...inherited, ...freePorts, LAB_HOME: join(folder, '.lab'), METRICS_DIR: join(folder, 'results') };
  let ports: [string, string][] = [];
  const start = (command: string) =>
    execa('sh', ['-c', ports.reduce((text, [from, to]) => text.replaceAll(from, to), command)], {
      cwd: folder,
      env,
      extendEnv: false,
      reject: false,
      timeout: 300_000,
    });
  const background: ReturnType<typeof start>[] = [];
  t.after(async () => {
    for (const running of background) running.kill('SIGINT');
    await Promise.all(background);
    await start('./lab down');
    rmSync(folder, { recursive: true, force: true });
  });

  /** From now on the page's ports are those of the lab. */
  const learnPorts = async (): Promise<void> => {
    const { urls, brokers } = JSON.parse((await start('./lab ps --json')).stdout) as LabState & { urls: Record<string, string> };
    const [kafka = ''] = brokers?.split(':').slice(-1) ?? [];
    const [lab, orders, analytics] = [urls.lab, urls.orders, urls.analytics].map((url = '') => new URL(url).port) as [
      string,
      string,
      string,
    ];
    Object.assign(env, { LAB_PORT: lab, KAFKA_PORT: kafka, ORDER_SERVICE_PORT: orders, ANALYTICS_SERVICE_PORT: analytics });
    const onThePage = { 9092: kafka, 8080: lab, 8000: orders, 8002: analytics };
    ports = Object.entries(onThePage).map(([from, to]) => [`localhost:${from}`, `localhost:${to}`]);
  };

  const type = async (command: string): Promise<string> => {
    const service = services.find((one) => one.command === command);
    if (service) {
      const running = start(`exec ${command}`);
      background.push(running);
      let said = '';
      running.stdout?.on('data', (chunk) => {
        said += chunk;
      });
      await until(() => service.says.test(said), { what: `${command} says ${service.says}` });
      return said;
    }
    const { exitCode, stdout, stderr } = await start(endless.test(command) ? `timeout 4 ${command}; test $? = 124` : command);
    const differs = command.includes('diff ') && exitCode === 1;
    assert.ok(exitCode === 0 || differs, `${command}\n${stdout}\n${stderr}`);
    if (command.startsWith('curl')) assert.doesNotMatch(stdout, /"status":[45]\d\d/, command);
    if (command.includes('./lab up')) await learnPorts();
    return stdout;
  };
  /** @returns what each command said */
  const typeAll = async (commands: readonly string[]): Promise<string[]> => {
    const said: string[] = [];
    for (const command of commands) said.push(await type(command));
    return said;
  };
  return { folder, type, typeAll };
}

describe('the exercises, as typed', () => {
  it('A and B: every command works, and a replay gives the same figures', async (t) => {
    const { folder, type, typeAll } = openTerminals(t);
    await type('./lab up --detach --fresh');
    const said = await typeAll(commandsOf('B'));
    assert.match(said.at(-1) ?? '', /^Identical: sha256:/m);
    const [one, two] = ['before.json', 'after.json'].map((name) => {
      assert.ok(existsSync(join(folder, name)), name);
      return JSON.parse(readFileSync(join(folder, name), 'utf8'));
    });
    assert.deepEqual([one.digest, one.total_orders, one.lag], [two.digest, two.total_orders, two.lag]);
    await typeAll(commandsOf('A'));
  });

  it('C: every command works, and a replay of either topic gives the same figures', async (t) => {
    const { typeAll } = openTerminals(t);
    const commands = commandsOf('C');
    const said = await typeAll(commands);
    const replayed = said.filter((_, index) => commands[index] === './lab metrics --wait');
    assert.equal(replayed.length, 2);
    for (const figures of replayed) assert.match(figures, /^Total orders: +10000$/m);
    const digests = replayed.map((figures) => /^Digest: +(sha256:\w+)$/m.exec(figures)?.[1]);
    assert.ok(digests[0] !== undefined && digests[0] === digests[1], String(digests));
    assert.match(said[2] ?? '', /inventory-consumer-group +order-events +0/);
  });

  it('D: every command works beside services of their own, and the two metrics files differ by their time alone', async (t) => {
    const { folder, typeAll } = openTerminals(t);
    await typeAll(preludeOf('D'));
    const commands = commandsOf('D');
    const comparison = commands.findIndex((command) => command.startsWith('diff '));
    const said = await typeAll(commands.slice(0, comparison));
    assert.match(said[commands.indexOf('./lab metrics --wait')] ?? '', /^Total orders: +10000$/m);
    await until(() => existsSync(join(folder, 'results/metrics_after_replay.txt')), { what: 'the replay is over' });
    const [differences = ''] = await typeAll(commands.slice(comparison));
    assert.doesNotMatch(differences, /^[<>] (?!As of:|Current orders\/minute:)/m);
  });

  it('E: every command works', async (t) => {
    const { typeAll } = openTerminals(t);
    const commands = commandsOf('E');
    const said = await typeAll(commands);
    assert.match(said[commands.indexOf('curl localhost:8000/health')] ?? '', /"topic":"orders"/);
    assert.match(said.at(-1) ?? '', /location: \/replay\//i);
  });
});
