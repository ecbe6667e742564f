import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { test } from 'node:test';
import { startStandInLab } from '../fixtures/running-lab.ts';

/** Unlike `fetch`, sends the headers that a browser keeps for itself. */
async function post(url: string, headers: Record<string, string>, body = '{}'): Promise<number> {
  const call = request(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers } });
  call.end(body);
  const [response] = await once(call, 'response');
  response.resume();
  return response.statusCode;
}

test('changing calls need the same origin or the token; what may not be is refused', async (t) => {
  const { client } = await startStandInLab(t);
  const { url, token } = client.file;
  const path = `${url}/api/services/order-service/start`;
  const { host } = new URL(url);
  assert.equal(await post(path, {}), 403);
  assert.equal(await post(path, { authorization: 'Bearer wrong' }), 403);
  assert.equal(await post(path, { origin: 'http://evil.example' }), 403);
  assert.equal(await post(path, { origin: `http://evil.example`, host: 'evil.example' }), 403);
  assert.equal(await post(path, { origin: url, 'sec-fetch-site': 'cross-site' }), 403);
  assert.equal(await post(path, { origin: `http://${host}`, 'sec-fetch-site': 'same-origin' }), 200);
  assert.equal(await post(path, { authorization: `Bearer ${token}` }), 200);
});

test('a wish that cannot be gets the status that says why', async (t) => {
  const { client } = await startStandInLab(t);
  const { url, token } = client.file;
  const authorization = `Bearer ${token}`;
  assert.equal(await post(`${url}/api/services/nonsense/stop`, { authorization }), 422);
  assert.equal(await post(`${url}/api/services/inventory-service.9/stop`, { authorization }), 404);
  assert.equal(await post(`${url}/api/services/kafka/stop`, { authorization }), 404);
  assert.equal(await post(`${url}/api/services/order-service/explode`, { authorization }), 404);
  assert.equal(await post(`${url}/api/scale`, { authorization }, '{"service":"inventory-service","count":17}'), 422);
  assert.equal(await post(`${url}/api/scale`, { authorization }, '{"service":"order-service","count":2}'), 422);
  assert.equal(await post(`${url}/api/scale`, { authorization }, '{"service":"inventory-service","count":"many"}'), 400);
  assert.equal((await fetch(`${url}/api/scale`)).status, 405);
});

test('GET /metrics answers as analytics-service does, and passes on what the caller accepts', async (t) => {
  const { client } = await startStandInLab(t);
  const response = await fetch(`${client.file.url}/metrics`, { headers: { accept: 'text/plain;version=0.0.4' } });
  assert.equal(response.headers.get('content-type'), 'text/x-seen');
  assert.equal(await response.text(), 'accept text/plain;version=0.0.4');
  await client.post('/api/services/analytics-service/stop');
  assert.equal((await fetch(`${client.file.url}/metrics`)).status, 503);
});

test('down by the API takes everything down', async (t) => {
  const { client, ended } = await startStandInLab(t);
  await client.post('/api/down');
  await ended;
  await assert.rejects(client.state());
});
