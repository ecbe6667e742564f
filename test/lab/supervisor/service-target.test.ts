import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseScale, parseTarget } from '../../../src/lab/supervisor/service-target.ts';
import { orderPipeline } from '../../../src/order-lab/supervisor/service-table.ts';
import { readSettings } from '../../../src/pipeline/settings/read-settings.ts';

const { services } = orderPipeline(readSettings({}));

test('a target is Kafka, a service, or one instance of it', () => {
  assert.deepEqual(parseTarget('kafka', services), { service: 'kafka', instance: undefined });
  assert.deepEqual(parseTarget('inventory-service', services), { service: 'inventory-service', instance: undefined });
  assert.deepEqual(parseTarget('inventory-service.12', services), { service: 'inventory-service', instance: 12 });
  assert.deepEqual(parseTarget('order-service.1', services), { service: 'order-service', instance: 1 });
});

test('anything else is refused and the message names what there is', () => {
  for (const wrong of ['', 'inventory', 'kafka.1', 'inventory-service.', 'inventory-service.x', '../etc', '__proto__', 'constructor']) {
    assert.throws(() => parseTarget(wrong, services), { code: 'usage', message: /there is no service .*kafka, order-service/ }, wrong);
  }
  assert.throws(() => parseTarget('order-service.2', services), { code: 'usage', message: /instances 1 to 1/ });
  assert.throws(() => parseTarget('inventory-service.0', services), { code: 'usage', message: /instances 1 to 16/ });
});

test('a scale is a service and a count that it can run', () => {
  assert.deepEqual(parseScale('inventory-service=3', services), { service: 'inventory-service', count: 3 });
  assert.deepEqual(parseScale('inventory-service=0', services), { service: 'inventory-service', count: 0 });
  assert.deepEqual(parseScale('analytics-service=3', services), { service: 'analytics-service', count: 3 });
});

test('a scale that cannot be is refused with the reason', () => {
  for (const wrong of [
    'inventory-service',
    'inventory-service=',
    'inventory-service=-1',
    'inventory-service=1.5',
    '=3',
    'inventory-service=many',
  ]) {
    assert.throws(() => parseScale(wrong, services), { code: 'usage', message: /write inventory-service=3/ }, wrong);
  }
  assert.throws(() => parseScale('inventory-service=17', services), { code: 'usage', message: /0 to 16/ });
  assert.throws(() => parseScale('order-service=2', services), { code: 'usage', message: /runs once: scale inventory-service/ });
  assert.throws(() => parseScale('toString=2', services), { code: 'usage', message: /no service "toString"/ });
});

test('a system of anybody has its own names, and says so', () => {
  const own = [
    { name: 'api', most: 1 },
    { name: 'mailer', most: 4 },
  ];
  assert.deepEqual(parseTarget('mailer.4', own), { service: 'mailer', instance: 4 });
  assert.throws(() => parseTarget('inventory-service', own), { message: /use one of kafka, api, mailer/ });
  assert.throws(() => parseScale('mailer', own), { message: /write mailer=3/ });
  assert.throws(() => parseScale('api=2', own), { message: /api runs once: scale mailer/ });
});
