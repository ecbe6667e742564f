import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseOverrides } from '../../../src/order-lab/cli/set-arguments.ts';

test('settings are read with their units', () => {
  assert.deepEqual(parseOverrides('inventory-service', ['throttle=10ms', 'fail-rate=0.3', 'paused=true']), {
    throttleMs: 10,
    failRate: 0.3,
    paused: true,
  });
  assert.deepEqual(parseOverrides('inventory-service', ['delivery=at-least-once', 'crash=after-produce:50']), {
    delivery: 'at-least-once',
    crash: 'after-produce:50',
  });
  assert.deepEqual(parseOverrides('inventory-service', ['throttle=2s']), { throttleMs: 2000 });
  assert.deepEqual(parseOverrides('inventory-service', ['throttle=0']), { throttleMs: 0 });
  assert.deepEqual(parseOverrides('inventory-service', ['fail-rate=30%']), { failRate: 0.3 });
  assert.deepEqual(parseOverrides('analytics-service', ['paused=off']), { paused: false });
});

test('what is out of range or no setting is refused with what is allowed', () => {
  const refused: [string, RegExp][] = [
    ['throttle=61s', /0 to 60000/],
    ['throttle=-1ms', /0 to 60000/],
    ['throttle=1.5ms', /0 to 60000/],
    ['throttle=1h', /0 to 60000/],
    ['throttle=', /0 to 60000/],
    ['fail-rate=2', /from 0 to 1/],
    ['fail-rate=-0.1', /from 0 to 1/],
    ['fail-rate=101%', /from 0 to 1/],
    ['fail-rate=1e-1', /from 0 to 1/],
    ['fail-rate=NaN', /from 0 to 1/],
    ['paused=maybe', /true or false/],
    ['delivery=twice', /exactly-once, at-least-once, at-most-once/],
    ['crash=now', /before-commit, after-produce, after-commit .* or none/],
    ['crash=after-commit:1', /from 2/],
    ['speed=1', /throttle=10ms, fail-rate=0\.3, paused=true/],
    ['throttle', /throttle=10ms/],
  ];
  for (const [pair, message] of refused) {
    assert.throws(() => parseOverrides('inventory-service', [pair]), { code: 'usage', message }, pair);
  }
  assert.throws(() => parseOverrides('inventory-service', ['throttle=1ms', 'throttle=2ms']), { message: /given twice/ });
});

test('a service has only the settings that mean something there', () => {
  assert.throws(() => parseOverrides('analytics-service', ['fail-rate=0.1']), { code: 'usage', message: /throttle=10ms, paused=true/ });
  assert.throws(() => parseOverrides('order-service', ['throttle=1ms']), {
    code: 'usage',
    message: /inventory-service, analytics-service/,
  });
});
