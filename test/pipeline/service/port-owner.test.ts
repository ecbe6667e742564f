import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { portOwner } from '../../../src/pipeline/service/port-owner.ts';

test('a port in use is told with its owner, where that is a program of the project', async (t) => {
  let title = 'order-service';
  const server = createServer((_request, response) => response.end(JSON.stringify({ info: { title } })));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  assert.equal(await portOwner('127.0.0.1', port, [1, port]), "this lab's order-service");
  assert.equal(await portOwner('127.0.0.1', port), 'the order-service of another lab, or one that runs by hand');
  title = 'somebody';
  assert.equal(await portOwner('127.0.0.1', port, [port]), 'another program');
});
