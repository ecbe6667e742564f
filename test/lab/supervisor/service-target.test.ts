import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseScale, parseTarget } from '../../../src/lab/supervisor/service-target.ts';

test('a target is Kafka, a service, or one instance of it', () => {
  assert.deepEqual(parseTarget('kafka'), { service: 'kafka', instance: undefined });
  assert.deepEqual(parseTarget('inventory-service'), { service: 'inventory-service', instance: undefined });
  assert.deepEqual(parseTarget('inventory-service.12'), { service: 'inventory-service', instance: 12 });
  assert.deepEqual(parseTarget('order-service.1'), { service: 'order-service', instance: 1 });
});

test('anything else is refused and the message names what there is', () => {
  for (const wrong of ['', 'inventory', 'kafka.1', 'inventory-service.', 'inventory-service.x', '../etc', '__proto__', 'constructor']) {
    assert.throws(() => parseTarget(wrong), { code: 'usage', message: /there is no service .*kafka, order-service/ }, wrong);
  }
  assert.throws(() => parseTarget('order-service.2'), { code: 'usage', message: /instances 1 to 1/ });
  assert.throws(() => parseTarget('inventory-service.0'), { code: 'usage', message: /instances 1 to 16/ });
});

test('a scale is a service and a count that it can run', () => {
  assert.deepEqual(parseScale('inventory-service=3'), { service: 'inventory-service', count: 3 });
  assert.deepEqual(parseScale('inventory-service=0'), { service: 'inventory-service', count: 0 });
  assert.deepEqual(parseScale('analytics-service=1'), { service: 'analytics-service', count: 1 });
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
    assert.throws(() => parseScale(wrong), { code: 'usage', message: /write inventory-service=3/ }, wrong);
  }
  assert.throws(() => parseScale('inventory-service=17'), { code: 'usage', message: /0 to 16/ });
  assert.throws(() => parseScale('order-service=2'), { code: 'usage', message: /runs once/ });
  assert.throws(() => parseScale('toString=2'), { code: 'usage', message: /no service "toString"/ });
});
