import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { asyncApi } from '../../../src/pipeline/contract/asyncapi.ts';
import { breakingChanges } from '../../../src/pipeline/contract/breaking-changes.ts';
import { asyncApiFile, contractFiles, contractFolder } from '../../../src/pipeline/contract/contract-files.ts';
import { messages } from '../../../src/pipeline/contract/messages.ts';
import { cloudEventPairs } from '../../../src/pipeline/events/cloud-events.ts';
import { inventoryEvent } from '../../../src/pipeline/events/inventory-event.ts';
import { orderFromRequest } from '../../../src/pipeline/orders/order-request.ts';
import { projectRoot, readSettings } from '../../../src/pipeline/settings/read-settings.ts';
import { version } from '../../../src/pipeline/settings/version.ts';
import { runOrderService } from '../../support/order-service.ts';

const written = (name: string) => JSON.parse(readFileSync(join(projectRoot, contractFolder, name), 'utf8'));

test('the document is AsyncAPI 3, by the parser of the specification', async () => {
  const { Parser } = await import('@asyncapi/parser');
  const { document, diagnostics } = await new Parser().parse(JSON.stringify(asyncApi(readSettings({}), version)));
  assert.deepEqual(
    diagnostics.filter(({ severity }) => severity <= 1).map(({ path, message }) => `${path.join('/')}: ${message}`),
    [],
  );
  assert.deepEqual(
    document
      ?.channels()
      .all()
      .map((one) => one.address()),
    [...['order-events', 'inventory-events', 'order-events.dlq', 'inventory-events.dlq']],
  );
  const reads = document
    ?.operations()
    .filterByReceive()
    .map((one) => one.bindings().get('kafka')?.value().groupId.const);
  assert.deepEqual(reads, ['inventory-service-group', 'analytics-group', 'analytics-group']);
});

test('nothing breaks who writes or reads by the released contract', () => {
  const broken = breakingChanges(written(asyncApiFile), asyncApi(readSettings({}), version));
  assert.deepEqual(broken, [], 'if it is meant: npm run contract -- --breaking, and say so in CHANGELOG.md');
});

test('the files are what the code says now', () => {
  for (const [name, content] of Object.entries(contractFiles(version))) {
    assert.deepEqual(written(name), JSON.parse(JSON.stringify(content)), `${name} is old: npm run contract`);
  }
});

test('what the services write is what the contract says', () => {
  const order = orderFromRequest({ items: [{ sku: 'tea', qty: 1, price: 2.5 }] }, 'order-1', '2026-01-01T00:00:00.000Z');
  const decision = inventoryEvent(order, 'InventoryFailed', { topic: 'order-events', partition: 0, offset: 7 });
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  const cases = [
    [messages.OrderPlaced, order, '/replayground/order-service'],
    [messages.InventoryEvent, decision, '/replayground/inventory-service'],
  ] as const;
  for (const [{ payload, headers }, event, source] of cases) {
    assert.equal(ajv.validate(payload, event), true, ajv.errorsText());
    assert.equal(ajv.validate(headers, Object.fromEntries(cloudEventPairs(event, source))), true, ajv.errorsText());
    assert.equal(ajv.validate(payload, { ...event, eventType: 'Other' }), false);
  }
});

test('a service serves it with the names it works by, and its API page links to it', async () => {
  await using service = await runOrderService();
  const { body } = await service.get('/asyncapi.json');
  assert.equal((body.channels as { orders: { address: string } }).orders.address, service.topic);
  const { body: openapi } = await service.get('/openapi.json');
  assert.deepEqual((openapi.externalDocs as { url: string }).url, '/asyncapi.json');
});
