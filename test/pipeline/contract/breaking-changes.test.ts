import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asyncApi } from '../../../src/pipeline/contract/asyncapi.ts';
import { breakingChanges } from '../../../src/pipeline/contract/breaking-changes.ts';
import { readSettings } from '../../../src/pipeline/settings/read-settings.ts';

type Free = Record<string, unknown> & { [name: string]: Free };

const released = JSON.parse(JSON.stringify(asyncApi(readSettings({}), '1.0.0')));
/** What is found where this is done to the contract. */
function after(change: (next: { payload: Free; headers: Free; document: Free }) => void): string[] {
  const document = structuredClone(released);
  const { payload, headers } = document.components.messages.OrderPlaced;
  change({ payload, headers, document });
  return breakingChanges(released, document);
}
const order = '/components/messages/OrderPlaced';

test('a field that is gone, and one that is required now, break', () => {
  assert.deepEqual(
    after(({ payload }) => delete payload.properties?.userId),
    [`${order}/payload/properties/userId: removed`],
  );
  assert.deepEqual(
    after(({ payload }) => (payload.required as unknown as string[]).push('userId')),
    [`${order}/payload/required: "userId" added`],
  );
  assert.deepEqual(
    after(({ payload }) => (payload.required as unknown as string[]).shift()),
    [`${order}/payload/required: "eventId" removed`],
  );
});

test('a type that is narrower, a bound, and a list of values break', () => {
  assert.deepEqual(
    after(({ payload }) => Object.assign(payload.properties?.totalAmount as Free, { type: 'integer' })),
    [`${order}/payload/properties/totalAmount/type: was "number", is "integer"`],
  );
  assert.deepEqual(
    after(({ payload }) => Object.assign(payload.properties?.userId as Free, { maxLength: 8 })),
    [`${order}/payload/properties/userId/maxLength: added, 8`],
  );
  assert.deepEqual(
    after(({ payload }) => Object.assign(payload.properties?.status as Free, { enum: ['placed', 'cancelled'] })),
    [`${order}/payload/properties/status/enum: "failed" removed`, `${order}/payload/properties/status/enum: "cancelled" added`],
  );
});

test('another topic, partition count, key, header or group breaks', () => {
  const renamed = breakingChanges(released, asyncApi({ ...readSettings({}), ordersTopic: 'orders' }, '1.0.0'));
  assert.deepEqual(renamed.slice(0, 2), [
    '/channels/orders/address: was "order-events", is "orders"',
    '/channels/orders/bindings/kafka/topic: was "order-events", is "orders"',
  ]);
  const regrouped = breakingChanges(released, asyncApi({ ...readSettings({}), inventoryGroupId: 'other' }, '1.0.0'));
  assert.deepEqual(regrouped, [
    '/operations/inventoryServiceReadsOrders/bindings/kafka/groupId/const: was "inventory-service-group", is "other"',
  ]);
  assert.deepEqual(
    after(({ document }) => Object.assign(document.channels?.orders?.bindings?.kafka as Free, { partitions: 6 })),
    ['/channels/orders/bindings/kafka/partitions: was 3, is 6'],
  );
  assert.deepEqual(
    after(({ headers }) => delete headers.properties?.['content-type']),
    [`${order}/headers/properties/content-type: removed`],
  );
  assert.deepEqual(
    after(({ document }) => delete document.components?.messages?.OrderPlaced?.bindings?.kafka?.key),
    [`${order}/bindings/kafka/key: removed`],
  );
  assert.deepEqual(
    after(({ document }) => delete document.operations?.analyticsServiceReadsOrders),
    ['/operations/analyticsServiceReadsOrders: removed'],
  );
});

test('words, versions, and what is added and not required, break nothing', () => {
  const found = after(({ payload, document }) => {
    Object.assign(payload.properties as Free, { note: { type: 'string' }, title: { type: 'string' } });
    Object.assign(document.info as Free, { version: '2.0.0' });
    Object.assign(document.channels as Free, { returns: { address: 'returns' } });
    Object.assign(document.components?.messages?.OrderPlaced as Free, { summary: 'in other words' });
  });
  assert.deepEqual(found, []);
});
