import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ServiceFile } from '../../../../src/lab/systems/file/system-schema.ts';
import { RunningService } from '../../../../src/lab/systems/process/running-service.ts';
import { until } from '../../../support/until.ts';

type Stage = AsyncDisposable & { service: RunningService; folder: string; logs: () => string };

/** @param script of a process that is run by Node, in a folder with a space in its name */
async function stage(script: string, more: Partial<ServiceFile> = {}, instances = 1): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'a service '));
  writeFileSync(join(folder, 'main.mjs'), script);
  const logFolder = join(folder, 'logs');
  const service = new RunningService({
    name: 'one',
    file: { command: [process.execPath, 'main.mjs'], ready: { log: 'ready' }, ...more },
    folder,
    brokers: '127.0.0.1:1',
    stateFolder: join(folder, 'state'),
    logFolder,
    membersOf: async () => 0,
  });
  await service.scale(instances);
  return {
    service,
    folder,
    logs: () =>
      readdirSync(logFolder)
        .map((name) => readFileSync(join(logFolder, name), 'utf8'))
        .join(''),
    async [Symbol.asyncDispose]() {
      await service[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const { signal } = new AbortController();
const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test('a process that knows its number, folder or port by other names gets them by these', async () => {
  const script =
    'console.log("says " + JSON.stringify([process.argv[2], process.env.HOME_OF, process.env.LISTEN])); console.log("ready"); setInterval(() => {}, 1000);';
  const command = [process.execPath, 'main.mjs', '--as=copier-{instance}'];
  await using two = await stage(script, { command, port: true, env: { HOME_OF: '{state}', LISTEN: 'localhost:{port}' } }, 2);
  await two.service.untilReady(signal);
  const ports = /"localhost:(\d+)"/.exec(two.logs())?.[1];
  assert.ok(Number(ports) > 0);
  assert.ok(two.logs().includes(`"--as=copier-2",${JSON.stringify(join(two.folder, 'state', 'one.2'))}`));
});

test('a process gets what the contract names, and nothing else of ours', async () => {
  await using one = await stage('console.log(JSON.stringify(process.env)); console.log("ready"); setInterval(() => {}, 1000);', {
    port: true,
    env: { GROUP: 7 },
  });
  await one.service.untilReady(signal);
  const line = await until(
    () =>
      one
        .logs()
        .split('\n')
        .find((text) => text.startsWith('{')),
    { what: 'its environment' },
  );
  const env = JSON.parse(line) as Record<string, string>;
  const given = ['GROUP', 'HOME', 'KAFKA_BROKERS', 'LAB_INSTANCE', 'LAB_SERVICE', 'LAB_STATE_DIR', 'PATH', 'PORT'];
  assert.deepEqual(
    Object.keys(env)
      .filter((name) => !name.startsWith('__'))
      .sort(),
    given,
  );
  assert.deepEqual([env.GROUP, env.LAB_SERVICE, env.LAB_INSTANCE, env.KAFKA_BROKERS], ['7', 'one', '1', '127.0.0.1:1']);
  assert.ok(existsSync(env.LAB_STATE_DIR ?? '') && Number(env.PORT) > 0);
});

test('a process that ends at once is a clear line with what it wrote', async () => {
  await using one = await stage('console.error("no such setting"); process.exit(3);');
  await assert.rejects(one.service.untilReady(signal), /one\.1 does not start: it ended \d times: exit code 3; it wrote: no such setting/);
});

test('a program that is not there is a clear line', async () => {
  await using one = await stage('', { command: ['no-such-program'] });
  await assert.rejects(
    one.service.untilReady(signal),
    /one\.1 does not start: it ended .*it cannot be started: spawn no-such-program ENOENT/,
  );
});

test('a flood of lines fills no disk', async () => {
  const flood =
    'const line = "x".repeat(1000) + "\\n"; console.log("ready"); const go = () => { process.stdout.write(line.repeat(500), go); }; go();';
  await using one = await stage(flood);
  await one.service.untilReady(signal);
  const size = (): number =>
    readdirSync(join(one.folder, 'logs')).reduce((sum, name) => sum + statSync(join(one.folder, 'logs', name)).size, 0);
  const rotated = (): number => statSync(join(one.folder, 'logs', 'one.1.log.1')).ino;
  const first = await until(rotated, { what: 'the log was rotated' });
  await until(() => rotated() !== first, { what: 'it was rotated again' });
  assert.ok(size() < 20 * 1024 * 1024, `${size()} bytes`);
});

test('a process that ignores SIGTERM is killed with all that it started', async () => {
  const script = `import { spawn } from 'node:child_process';
    process.on('SIGTERM', () => {});
    const child = spawn(process.execPath, ['-e', 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)']);
    console.log('child ' + child.pid); console.log('ready'); setInterval(() => {}, 1000);`;
  await using one = await stage(script, { stop: { within: '500ms' } });
  await one.service.untilReady(signal);
  const child = await until(() => /child (\d+)/.exec(one.logs())?.[1], { what: 'its child' });
  const pid = one.service.instances[0]?.lives[0]?.pid ?? 0;
  assert.ok(isAlive(pid) && isAlive(Number(child)));
  await one.service.stop();
  await until(() => !isAlive(pid) && !isAlive(Number(child)), { what: 'both are gone' });
});

test('a process that dies is started again under the same number, with the same folder', async () => {
  const script = `import { existsSync, writeFileSync } from 'node:fs';
    const file = process.env.LAB_STATE_DIR + '/seen';
    console.log(existsSync(file) ? 'again' : 'first', process.env.LAB_INSTANCE); writeFileSync(file, ''); console.log('ready');
    setInterval(() => {}, 1000);`;
  await using one = await stage(script, {}, 2);
  await one.service.untilReady(signal);
  await until(() => one.logs().includes('first 2'), { what: 'its first life' });
  await one.service.instance(2)?.kill();
  await until(() => one.logs().includes('again 2'), { what: 'its second life' });
  assert.equal(one.service.instance(2)?.lives.length, 2);
  assert.equal(one.service.instance(2)?.lives[0]?.end, 'SIGKILL (by the lab)');
});

test('a frozen process can be stopped, and is gone then', async () => {
  await using one = await stage('console.log("ready"); setInterval(() => {}, 1000);');
  await one.service.untilReady(signal);
  const [instance] = one.service.instances;
  assert.ok(instance);
  assert.ok(instance.freeze());
  assert.equal(instance.state, 'frozen');
  await one.service.stop();
  assert.equal(instance.state, 'stopped');
  assert.ok(!isAlive(instance.lives[0]?.pid ?? 0));
});
