import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import type { LabClient } from '../../../src/order-lab/client/lab-client.ts';
import { waitInForce } from '../../../src/order-lab/client/settings-in-force.ts';

/** An instance that goes through these overrides, one per question, and stays at the last. */
async function instance(...overrides: object[]) {
  const server = createServer((_request, response) => {
    const now = overrides.length > 1 ? overrides.shift() : overrides[0];
    response.end(JSON.stringify({ status: 'ok', overrides: now }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, left: () => overrides.length, [Symbol.dispose]: () => server.close() };
}

const labOf = (...ports: number[]) => {
  const processes = ports.map((port, index) => ({
    name: `inventory-service.${index + 1}`,
    service: 'inventory-service',
    state: 'healthy',
    port,
  }));
  const stopped = { name: 'inventory-service.9', service: 'inventory-service', state: 'stopped', port: null };
  return { file: { url: 'http://127.0.0.1:8080' }, state: async () => ({ processes: [...processes, stopped] }) } as unknown as LabClient;
};

describe('waiting until settings act', () => {
  it('asks every healthy instance until its batch is done by them', async () => {
    using quick = await instance({ throttleMs: 10 });
    using slow = await instance({}, {}, { throttleMs: 10 });
    assert.deepEqual(await waitInForce(labOf(quick.port, slow.port), 'inventory-service', { throttleMs: 10 }), []);
    assert.equal(slow.left(), 1);
  });

  it('waits for settings that are taken back, too', async () => {
    using one = await instance({ throttleMs: 10 }, {});
    assert.deepEqual(await waitInForce(labOf(one.port), 'inventory-service', {}), []);
    assert.equal(one.left(), 1);
  });

  it('names who does not follow', async () => {
    using stuck = await instance({});
    assert.deepEqual(await waitInForce(labOf(stuck.port), 'inventory-service', { paused: true }), ['inventory-service.1']);
  });
});
