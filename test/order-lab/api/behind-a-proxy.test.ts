import assert from 'node:assert/strict';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { startStandInLab } from '../fixtures/running-lab.ts';

const publicName = 'lab.example.org';
const publicOrigin = `https://${publicName}`;

/** A reverse proxy as people write one: it hands on the name that it was called by. */
async function startProxy(t: TestContext, labUrl: string): Promise<string> {
  const { hostname, port } = new URL(labUrl);
  const proxy = createServer((incoming, outgoing) => {
    const headers = { ...incoming.headers, host: publicName };
    const onward = request({ hostname, port, method: incoming.method, path: incoming.url, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(onward);
    outgoing.on('close', () => onward.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    proxy.closeAllConnections();
    proxy.close();
  });
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
}

const fromPage = (url: string): Promise<Response> =>
  fetch(`${url}/api/services/inventory-service.1/kill`, {
    method: 'POST',
    headers: { origin: publicOrigin, 'sec-fetch-site': 'same-origin' },
  });

test('the page works behind a proxy with https that LAB_ORIGIN names, and its events are not held back', async (t) => {
  const { client } = await startStandInLab(t, undefined, { LAB_ORIGIN: publicOrigin });
  const proxy = await startProxy(t, client.file.url);
  const killed = await fromPage(proxy);
  assert.equal(killed.status, 200, await killed.text());
  const stop = new AbortController();
  const events = await fetch(`${proxy}/api/live`, { signal: stop.signal });
  assert.deepEqual([events.headers.get('x-accel-buffering'), events.headers.get('cache-control')], ['no', 'no-store, no-transform']);
  const { value } = (await events.body?.getReader().read()) ?? {};
  assert.match(Buffer.from(value ?? []).toString(), /^: the events of this lab/);
  stop.abort();
});

test('without LAB_ORIGIN it may not even look, since a name can be rebound, and a wrong LAB_ORIGIN stops the start', async (t) => {
  const { client } = await startStandInLab(t);
  const refused = await fromPage(await startProxy(t, client.file.url));
  assert.equal(refused.status, 403);
  assert.match(await refused.text(), /LAB_ORIGIN/);
  await assert.rejects(startStandInLab(t, undefined, { LAB_ORIGIN: 'lab.example.org/path' }), /LAB_ORIGIN/);
});
