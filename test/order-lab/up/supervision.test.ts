import assert from 'node:assert/strict';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ProcessView } from '../../../src/lab/wire/lab-state.ts';
import { runLab } from '../../../src/order-lab/up/run-lab.ts';
import { alive, startStandInLab, tempHome, untilProcess } from '../fixtures/running-lab.ts';
import { standInEnv, standInOptions } from '../fixtures/stand-in-lab.ts';

const healthy = (view: { state: string }) => view.state === 'healthy';

test('all processes run under their names, and all are gone when the lab is down', async (t) => {
  const { home, client, down } = await startStandInLab(t);
  const { processes, ready, rssBytes } = await client.state();
  assert.deepEqual(
    processes.map(({ name }) => name),
    ['order-service', 'inventory-service.1', 'analytics-service'],
  );
  assert.ok(ready);
  assert.ok(rssBytes > 0);
  assert.equal(statSync(join(home, 'lab.json')).mode & 0o777, 0o600);
  const pids = processes.map(({ pid }) => pid as number);
  await down();
  assert.deepEqual(pids.filter(alive), []);
  assert.equal(existsSync(join(home, 'lab.json')), false);
});

test('what crashes is started again, and the log says so', async (t) => {
  const { client } = await startStandInLab(t);
  const before = await untilProcess(client, 'order-service', healthy, 'is healthy');
  await fetch(`http://127.0.0.1:${before.port}/crash`).catch(() => {});
  const after = await untilProcess(client, 'order-service', (view) => healthy(view) && view.restarts === 1, 'is started again');
  assert.notEqual(after.pid, before.pid);
  assert.equal(after.port, before.port);
  assert.match((await events(client.file.url)).join('\n'), /order-service restarting: exit code 7, next start in 0\.2 s/);
});

test('kill is a crash, stop is not: what is stopped stays stopped until it is started', async (t) => {
  const { client } = await startStandInLab(t);
  const { processes } = await client.post<{ processes: ProcessView[] }>('/api/services/inventory-service/kill');
  assert.deepEqual(
    processes.map(({ state, pid }) => [state, pid]),
    [['restarting', null]],
    'it settles when the process is gone: nobody takes the dead one for healthy',
  );
  await untilProcess(client, 'inventory-service.1', (view) => healthy(view) && view.restarts === 1, 'is started again');
  await client.post('/api/services/inventory-service.1/stop');
  const stopped = await untilProcess(client, 'inventory-service.1', ({ state }) => state === 'stopped', 'is stopped');
  assert.equal(stopped.pid, null);
  assert.ok((await client.state()).ready, 'a stopped process is no illness');
  await assert.rejects(client.post('/api/services/inventory-service.1/kill'), { message: /no process to kill/ });
  await client.post('/api/services/inventory-service.1/start');
  const started = await untilProcess(client, 'inventory-service.1', healthy, 'is healthy');
  await client.post('/api/services/inventory-service/restart');
  const restarted = await untilProcess(client, 'inventory-service.1', (view) => healthy(view) && view.pid !== started.pid, 'is restarted');
  assert.equal(restarted.restarts, 1, 'a restart that somebody asked for is no crash');
});

test('scaling starts and stops the instances at the end and leaves the others alone', async (t) => {
  const { client } = await startStandInLab(t);
  const first = await untilProcess(client, 'inventory-service.1', healthy, 'is healthy');
  await client.post('/api/scale', { service: 'inventory-service', count: 3 });
  const third = await untilProcess(client, 'inventory-service.3', healthy, 'is healthy');
  const answer = (await (await fetch(`http://127.0.0.1:${third.port}/health`)).json()) as object;
  assert.deepEqual(answer, { instance: '3', brokers: '127.0.0.1:1' });
  await client.post('/api/scale', { service: 'inventory-service', count: 1 });
  const { processes } = await client.state();
  const left = processes.filter(({ service }) => service === 'inventory-service');
  assert.deepEqual(
    left.map(({ name, pid }) => [name, pid]),
    [['inventory-service.1', first.pid]],
  );
  assert.equal(alive(third.pid as number), false);
});

test('instances of analytics-service go by its name and a number, but for the first, and one that is well answers for it', async (t) => {
  const { client } = await startStandInLab(t);
  const first = await untilProcess(client, 'analytics-service', healthy, 'is healthy');
  await client.post('/api/scale', { service: 'analytics-service', count: 2 });
  const second = await untilProcess(client, 'analytics-service.2', healthy, 'is healthy');
  assert.notEqual(second.port, first.port);
  assert.match((await client.state()).urls.analytics ?? '', new RegExp(`:${first.port}$`));
  await client.post('/api/services/analytics-service.1/stop');
  assert.match((await client.state()).urls.analytics ?? '', new RegExp(`:${second.port}$`));
  await client.post('/api/scale', { service: 'analytics-service', count: 1 });
  const left = (await client.state()).processes.filter(({ service }) => service === 'analytics-service');
  assert.deepEqual(
    left.map(({ name }) => name),
    ['analytics-service'],
  );
});

test('a sick process is shown as unhealthy, and is left to itself', async (t) => {
  const { client } = await startStandInLab(t);
  const { port, pid } = await untilProcess(client, 'analytics-service', healthy, 'is healthy');
  await fetch(`http://127.0.0.1:${port}/sicken`);
  const sick = await untilProcess(client, 'analytics-service', ({ state }) => state === 'unhealthy', 'is unhealthy');
  assert.equal(sick.pid, pid);
  assert.match(sick.detail ?? '', /503/);
  assert.equal((await fetch(`${client.file.url}/health`)).status, 503);
});

test('a process that ends by itself with exit code 0 was asked to', async (t) => {
  const { client } = await startStandInLab(t);
  const { port } = await untilProcess(client, 'analytics-service', healthy, 'is healthy');
  await fetch(`http://127.0.0.1:${port}/leave`).catch(() => {});
  await untilProcess(client, 'analytics-service', ({ state, restarts }) => state === 'stopped' && restarts === 0, 'is stopped');
});

test('a lab that does not get healthy says which process it is and what that wrote, and is down', async (t) => {
  const home = tempHome(t);
  const env = { ...standInEnv(home), STAND_IN: 'bad-setting' };
  const { signal } = new AbortController();
  await assert.rejects(runLab(standInOptions(env, { signal, onReady: () => {} })), {
    code: 'not-healthy',
    // All of them crash; which of them is seen first is chance.
    message: /-service(\.1)? is crashed: exit code 2/,
  });
  assert.equal(existsSync(join(home, 'lab.json')), false);
});

test('a second lab in the same home is refused', async (t) => {
  const { home } = await startStandInLab(t);
  const { signal } = new AbortController();
  await assert.rejects(runLab(standInOptions(standInEnv(home), { signal, onReady: () => {} })), { code: 'lab-running' });
});

test('a taken port is refused before anything is started, and the message names the variable', async (t) => {
  const { client } = await startStandInLab(t);
  const { lab, orders } = client.file.ports;
  const { signal } = new AbortController();
  for (const [variable, port] of Object.entries({ LAB_PORT: lab, ORDER_SERVICE_PORT: orders })) {
    const env = { ...standInEnv(tempHome(t)), [variable]: String(port) };
    await assert.rejects(runLab(standInOptions(env, { signal, onReady: () => {} })), { code: 'port-taken', message: new RegExp(variable) });
  }
});

async function events(url: string): Promise<string[]> {
  const stop = new AbortController();
  const response = await fetch(`${url}/api/events`, { signal: stop.signal });
  const chunks: string[] = [];
  for await (const chunk of response.body ?? []) {
    chunks.push(Buffer.from(chunk).toString());
    if (chunks.join('').includes('restarting')) break;
  }
  const data = chunks
    .join('')
    .split('\n')
    .filter((line) => line.startsWith('data: '));
  return data.map((line) => JSON.parse(line.slice('data: '.length))).map(({ service, text }) => `${service} ${text}`);
}
