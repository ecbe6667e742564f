import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const fixture = fileURLToPath(new URL('fixtures/service.ts', import.meta.url));

/** Starts the fixture as the lab starts a service. */
function start(behaviour: string, env: Record<string, string> = {}) {
  const child = fork(fixture, [behaviour], {
    silent: true,
    env: { PATH: process.env.PATH, ...env },
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  const ready = new Promise<unknown>((resolve) => child.once('message', resolve));
  const ended = (async () => {
    const [[code, signal], stdout, stderr] = await Promise.all([
      once(child, 'exit'),
      text(child.stdout as NodeJS.ReadableStream),
      text(child.stderr as NodeJS.ReadableStream),
    ]);
    const lines = stdout
      .trim()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
    return { code, signal, lines, stderr, fatal: lines.filter(({ level }) => level === 'fatal') };
  })();
  return { child, ready, ended };
}

test('a service says when it is ready and ends with 0 on SIGTERM', async () => {
  const { child, ready, ended } = start('well');
  assert.deepEqual(await ready, { type: 'ready', port: 4242 });
  child.kill('SIGTERM');
  const { code, lines, stderr } = await ended;
  assert.equal(code, 0);
  assert.equal(stderr, '');
  assert.deepEqual(
    lines.map(({ msg }) => msg),
    ['ready', 'stopping', 'stopped'],
  );
  assert.equal(lines[0].service, 'order-service');
  assert.ok('instance' in lines[0]);
});

test('a service ends with 0 when the process that started it is gone', async () => {
  const { child, ready, ended } = start('well');
  await ready;
  child.disconnect();
  assert.equal((await ended).code, 0);
});

test('a bad setting is one line on stderr and exit code 2', async () => {
  const { code, lines, stderr } = await start('well', { TOTAL_EVENTS: 'many' }).ended;
  assert.equal(code, 2);
  assert.deepEqual(lines, []);
  assert.match(stderr, /^TOTAL_EVENTS="many" .*\n$/);
});

for (const [behaviour, message, failureCode] of [
  ['cannot-start', 'port 1 is taken', 'port-taken'],
  ['fails-later', 'the log is gone', 'unexpected'],
  ['throws-later', 'nobody expected this', 'unexpected'],
] as const) {
  test(`a service that ${behaviour.replace('-', ' ')} says why in one fatal line and ends with 1`, async () => {
    const { code, fatal } = await start(behaviour).ended;
    assert.equal(code, 1);
    assert.deepEqual(
      fatal.map(({ msg, code }) => [msg, code]),
      [[message, failureCode]],
    );
  });
}

test('a service ends at once although calls are stuck in all of its threads', async () => {
  const startedAt = Date.now();
  const { code, fatal } = await start('stuck-threads').ended;
  assert.equal(code, 1);
  assert.equal(fatal.length, 1);
  assert.ok(Date.now() - startedAt < 5000);
});

test('a service that does not stop ends itself after 5 s', async () => {
  const { child, ready, ended } = start('never-stops');
  await ready;
  child.kill('SIGINT');
  const { code, fatal } = await ended;
  assert.equal(code, 1);
  assert.equal(fatal[0].code, 'stop-timeout');
});
