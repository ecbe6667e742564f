import assert from 'node:assert/strict';
import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brokers, readAll, uniqueName } from '../../support/kafka.ts';
import { until } from '../../support/until.ts';

const main = fileURLToPath(new URL('../../../src/orders/main.ts', import.meta.url));

const run = (env: Record<string, string>) =>
  promisify(execFile)(process.execPath, ['--disable-warning=ExperimentalWarning', main], {
    env: { PATH: process.env.PATH, MODE: 'burst', ...env },
  });

test('MODE=burst sends TOTAL_EVENTS, makes missing topics, prints progress and the summary, and ends', async () => {
  const topic = uniqueName('main');
  const names = { ORDERS_TOPIC: topic, INVENTORY_TOPIC: uniqueName('main-inventory') };
  const { stdout, stderr } = await run({ KAFKA_BROKERS: brokers(), ...names, TOTAL_EVENTS: '5000', PRINT_EVERY: '2000' });
  assert.match(stdout, /^Published 2000\/5000\nPublished 4000\/5000\nPublished 5000 events in \d+\.\d\ds \(\d+ events\/sec\)\n$/);
  assert.equal(stderr, '');
  assert.equal((await readAll(topic)).length, 5000);
});

test('MODE=burst with a bad setting ends with 2 and one line', async () => {
  await assert.rejects(run({ TOTAL_EVENTS: '-1' }), {
    code: 2,
    stderr: 'TOTAL_EVENTS="-1" is not allowed: a whole number from 1 to 10000000\n',
  });
});

test('the service process tells its port, becomes healthy, and ends with 0 on SIGTERM', async () => {
  const names = { ORDERS_TOPIC: uniqueName('main'), INVENTORY_TOPIC: uniqueName('main-inventory') };
  const child = fork(main, {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    env: { PATH: process.env.PATH, KAFKA_BROKERS: brokers(), ORDER_SERVICE_PORT: '0', ...names },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  await until(async () => (await fetch(`http://127.0.0.1:${port}/health`)).ok, { what: 'the process is healthy' });
  child.kill('SIGTERM');
  assert.deepEqual(await once(child, 'exit'), [0, null]);
});
