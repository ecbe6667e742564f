import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import type { System } from '../../../src/lab/systems/file/read-system.ts';
import type { LabClient } from '../../../src/order-lab/client/lab-client.ts';
import { replaySystem, type SystemReplay } from '../../../src/order-lab/client/replay-system.ts';

/** A service that says where its replay is to be followed, and has the answer at the third look. */
async function replayOf({ comesOut, location = '/replay/1' }: { comesOut: string; location?: string | null }): Promise<SystemReplay> {
  let digest = 'ab';
  let looks = 0;
  const server = createServer((request, response) => {
    if (request.method === 'POST' && location !== null) response.setHeader('location', location);
    if (request.url === '/replay/1' && ++looks === 3) digest = comesOut;
    const over = looks >= 3 ? { identical: comesOut === 'ab' } : { state: 'running' };
    response.end(JSON.stringify(request.url === '/stats' ? { of: { digest } } : over));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  try {
    return await replaySystem({
      lab: { state: async () => ({ processes: [{ service: 'teller', port }] }) } as unknown as LabClient,
      kafka: {} as never,
      system: {
        name: 'one',
        services: { teller: { command: ['x'], port: true } },
        digest: { url: '/stats', pointer: '/of/digest' },
        replay: { url: '/replay' },
      } as unknown as System,
      labHome: '/nowhere',
      onStep: () => {},
      onProgress: () => {},
    });
  } finally {
    server.close();
  }
}

test('a service that replays by itself is followed to the end, by its Location', async () => {
  const { identical, before, after, backup } = await replayOf({ comesOut: 'ab' });
  assert.deepEqual([identical, before, after, backup], [true, 'ab', 'ab', null]);
});

test('another digest is told with both', async () => {
  const { identical, before, after } = await replayOf({ comesOut: 'cd' });
  assert.deepEqual([identical, before, after], [false, 'ab', 'cd']);
});

test('an answer without a Location is refused in words', async () => {
  await assert.rejects(replayOf({ comesOut: 'ab', location: null }), /POST \/replay answered 200 without a Location/);
});
