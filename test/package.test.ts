/** What `npm pack` gives, installed as a stranger would: into an empty folder with a space in its path, without scripts. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { execa, type ResultPromise } from 'execa';
import { freePort } from '../src/lab/broker/ports.ts';
import { projectRoot } from '../src/pipeline/settings/read-settings.ts';
import { brokers, createTopic, deleteTopic, headersOf, readAll, uniqueName } from './support/kafka.ts';
import { until } from './support/until.ts';

const page = readFileSync(join(projectRoot, 'docs/package.md'), 'utf8');
const orders = 20_000;

describe('the package', () => {
  const folder = mkdtempSync(join(tmpdir(), 'replayground package-'));
  const app = join(folder, 'my app');
  /** What npm is told on this machine stays, the lab of the test run and its Kafka do not. */
  const env = { PATH: `${dirname(process.execPath)}:${process.env.PATH}`, LAB_HOME: undefined, KAFKA_BROKERS: undefined };
  const run = (file: string, args: readonly string[], more: Record<string, string> = {}, cwd = app) =>
    execa(file, args, { cwd, env: { ...env, ...more }, reject: false, timeout: 600_000 });

  before(async () => {
    mkdirSync(app);
    const packed = await run('npm', ['pack', '--pack-destination', folder], {}, projectRoot);
    assert.equal(packed.exitCode, 0, packed.stderr);
    writeFileSync(join(app, 'package.json'), '{ "type": "module" }\n');
    const tarball = join(folder, packed.stdout.trim().split('\n').at(-1) ?? '');
    const installed = await run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', tarball]);
    assert.equal(installed.exitCode, 0, installed.stderr);
    const [, text = ''] = /^```js\n(\/\/ invoicer\.js\n[^`]*(?:`[^`\n]+`[^`]*)*)^```$/m.exec(page) ?? [];
    writeFileSync(join(app, 'invoicer.js'), text);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('has no dependency that runs a script when it is installed, and brings no TypeScript that Node would have to strip', async () => {
    const lock = JSON.parse(readFileSync(join(app, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { hasInstallScript?: true }>;
    };
    assert.deepEqual(
      Object.keys(lock.packages).filter((path) => lock.packages[path]?.hasInstallScript),
      [],
    );
    const { stdout } = await run('find', ['node_modules/replayground', '-name', '*.ts', '!', '-name', '*.d.ts']);
    assert.equal(stdout, '');
  });

  it('says in one line what to do where the client is not built', async () => {
    const { exitCode, stderr } = await run(process.execPath, ['--input-type=module', '--eval', "import 'replayground/kafka'"]);
    assert.equal(exitCode, 1);
    assert.match(stderr, /ReplaygroundError: the Kafka client is not built yet: `npx replayground doctor` builds it, once/);
  });

  it('builds what is missing at the first call, and finds all that it needs', async () => {
    const version = await run('npx', ['replayground', '--version']);
    assert.equal(version.exitCode, 0, version.stderr);
    assert.equal(version.stdout, JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')).version);
    const doctor = await run('npx', ['replayground', 'doctor', '--json']);
    const findings = JSON.parse(doctor.stdout) as { check: string; state: string; found: string }[];
    const of = (check: string) => findings.find((finding) => finding.check === check);
    assert.match(of('Kafka client, bridge')?.found ?? '', /^librdkafka [\d.]+ with gzip, snappy, lz4, zstd$/);
    assert.ok(of('LAB_HOME')?.found.startsWith(join(app, '.lab')), of('LAB_HOME')?.found);
  });

  it('has the exercises, the page and the licences of what is bundled into it, and calls itself by its name', async () => {
    const { stdout } = await run('npx', ['replayground', 'scenarios']);
    assert.match(stdout, /^burst-10k .*10,000 orders/m);
    const help = await run('npx', ['replayground', 'burst', '--help']);
    assert.match(help.stdout, /Examples:\n {2}npx replayground burst/);
    assert.ok(!help.stdout.includes('./lab'), help.stdout);
    const built = join(app, 'node_modules/replayground/dist/package/dashboard/dist');
    assert.match(readFileSync(join(built, 'index.html'), 'utf8'), /<script type="module"/);
    assert.match(readFileSync(join(built, 'THIRD-PARTY.md'), 'utf8'), /^## svelte - .*MIT[\s\S]*^### echarts: NOTICE$/m);
    const installed = join(app, 'node_modules/replayground');
    assert.match(
      readFileSync(join(installed, 'dist/package/THIRD-PARTY.md'), 'utf8'),
      /^\| svelte \| [\d.]+ \| MIT \|$[\s\S]*^### librdkafka: LICENSES\.txt$/m,
    );
    for (const file of ['LICENSE', 'CHANGELOG.md', 'README.md']) assert.ok(existsSync(join(installed, file)), file);
  });

  it('is the lab: up, a burst, the ledger, down, with its data in the folder where it is called', async () => {
    const names = ['LAB_PORT', 'KAFKA_PORT', 'ORDER_SERVICE_PORT', 'ANALYTICS_SERVICE_PORT'];
    const ports = Object.fromEntries(await Promise.all(names.map(async (name) => [name, String(await freePort())])));
    const call = async (...args: string[]): Promise<string> => {
      const { exitCode, stdout, stderr } = await run('npx', ['replayground', ...args], ports);
      assert.equal(exitCode, 0, `${args.join(' ')}: ${stdout}${stderr}`);
      return stdout;
    };
    try {
      await call('up', '--detach');
      assert.match(await call('burst', '10000'), /Published 10000 events/);
      const ledger = async () => JSON.parse(await call('ledger', '--json')) as { balanced: boolean; orders: number; decided: number };
      const books = await until(async () => ledger().then((now) => now.decided === 10_000 && now), { what: 'all orders are decided' });
      assert.deepEqual([books.balanced, books.orders], [true, 10_000]);
      assert.ok(existsSync(join(app, '.lab')));
    } finally {
      await call('down');
    }
  });

  it('has types that hold by themselves', async () => {
    writeFileSync(
      join(app, 'typed.ts'),
      `import { type ProcessorOptions, processExactlyOnce, type RecordToSend, send } from 'replayground/kafka';
      const one: RecordToSend = { key: 'k', value: null, headers: [['h', 'v']] };
      const options: ProcessorOptions = { kafka: { 'bootstrap.servers': '' }, group: 'g', instance: '1', from: 'a', to: ['b'], process: ({ key }) => ({ ...one, key }) };
      const done: Promise<void> = processExactlyOnce(options);
      const places: Promise<{ partition: number; offset: number }[]> = send(options.kafka, 'a', [one]);
      // @ts-expect-error a promise is nothing that could be in a transaction
      options.process = async () => one;
      export { done, places };\n`,
    );
    const types = ['--typeRoots', join(projectRoot, 'node_modules/@types'), '--types', 'node'];
    const checks = ['--noEmit', '--strict', '--target', 'es2024', '--module', 'nodenext', '--skipLibCheck', 'false', ...types, 'typed.ts'];
    const { exitCode, stdout } = await run(process.execPath, [
      join(projectRoot, 'node_modules/typescript/bin/tsc'),
      '--ignoreConfig',
      ...checks,
    ]);
    assert.equal(exitCode, 0, stdout);
  });

  it('is a library: the processor of the documentation, killed in the middle, gives each order one invoice', async () => {
    const [from, to, group] = [await createTopic('orders'), await createTopic('invoices'), uniqueName('invoicer')];
    const variables = { KAFKA_BROKERS: brokers(), ORDERS: from, INVOICES: to, GROUP: group };
    /** By the package: orders `first` up to, not including, `end`. */
    const sendOrders = async (first: number, end: number): Promise<void> => {
      const sender = `import { send } from 'replayground/kafka';
        const records = Array.from({ length: ${end - first} }, (_, i) => ({ key: 'o-' + (${first} + i), value: JSON.stringify({ total: i + 1 }) }));
        const places = await send({ 'bootstrap.servers': process.env.KAFKA_BROKERS }, process.env.ORDERS, [{ key: 'bad-${first}', value: '{' }, ...records]);
        console.log(places.length);`;
      const { stdout, stderr } = await run(process.execPath, ['--input-type=module', '--eval', sender], variables);
      assert.equal(stdout, String(end - first + 1), stderr);
    };
    const start = (): ResultPromise => run(process.execPath, ['invoicer.js'], variables) as ResultPromise;
    const invoices = async (): Promise<number> => (await readAll(to)).length;

    await sendOrders(0, orders / 2);
    const first = start();
    await until(async () => (await invoices()) > 0, { what: 'the first invoices are there' });
    first.kill('SIGKILL');
    await first;
    // The first may have done all there was before it was killed: the second has something to do only if more comes.
    await sendOrders(orders / 2, orders);
    const second = start();
    await until(async () => (await invoices()) >= orders, { what: 'all invoices are there' });
    second.kill('SIGTERM');
    const { exitCode, stderr } = await second;
    assert.equal(exitCode, 0, String(stderr));

    const keys = (await readAll(to)).map(({ key }) => String(key));
    assert.deepEqual([keys.length, new Set(keys).size], [orders, orders]);
    const letters = await readAll(`${from}.dlq`);
    assert.deepEqual(
      letters.map((letter) => [String(letter.key), headersOf(letter)['__replayground.errors.reason']]).sort(),
      ['bad-0', `bad-${orders / 2}`].map((key) => [key, 'no-json']),
    );
    await deleteTopic(`${from}.dlq`);
  });
});
