import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namedSettings } from '../../../src/order-lab/supervisor/named-settings.ts';
import { serviceEnvironment } from '../../../src/order-lab/supervisor/service-environment.ts';
import { readSettings } from '../../../src/pipeline/settings/read-settings.ts';

const named = (env: NodeJS.ProcessEnv) => namedSettings(readSettings(env), env);

test('up publishes only the settings that its environment names', () => {
  assert.deepEqual(named({}), { 'inventory-service': {}, 'analytics-service': {}, 'notification-service': {} });
  assert.deepEqual(named({ FAIL_RATE: '0.3', ANALYTICS_THROTTLE_MS: '0' }), {
    'inventory-service': { failRate: 0.3 },
    'analytics-service': { throttleMs: 0 },
    'notification-service': {},
  });
  assert.deepEqual(named({ THROTTLE_MS: '2000' }), {
    'inventory-service': { throttleMs: 2000 },
    'analytics-service': { throttleMs: 2000 },
    'notification-service': {},
  });
});

test("a service gets the lab's addresses, and the rest of the environment as it is", () => {
  const env = { BOOTSTRAP_SERVERS: 'old:1', FAIL_SEED: 'x', KAFKA_SASL_PASSWORD: 'p', UV_THREADPOOL_SIZE: '16' };
  const settings = { kafkaBrokers: 'here:2', labHome: '/h', metricsDir: '/r', inventoryServicePort: 0, notificationServicePort: 0 };
  assert.deepEqual(serviceEnvironment(env, settings, { orders: 3, analytics: 4 })(2), {
    FAIL_SEED: 'x',
    KAFKA_SASL_PASSWORD: 'p',
    UV_THREADPOOL_SIZE: '16',
    KAFKA_BROKERS: 'here:2',
    LAB_HOME: '/h',
    METRICS_DIR: '/r',
    ORDER_SERVICE_PORT: '3',
    ANALYTICS_SERVICE_PORT: '0',
    INVENTORY_SERVICE_PORT: '0',
    NOTIFICATION_SERVICE_PORT: '0',
    LAB_INSTANCE: '2',
  });
});

test('the first instance of analytics-service has the known port, others any free one', () => {
  const settings = { kafkaBrokers: 'here:2', labHome: '/h', metricsDir: '/r', inventoryServicePort: 0, notificationServicePort: 0 };
  const at = serviceEnvironment({}, settings, { orders: 3, analytics: 4 });
  assert.deepEqual([at(1).ANALYTICS_SERVICE_PORT, at(2).ANALYTICS_SERVICE_PORT], ['4', '0']);
});

test('instances of a service take the ports that follow the one that is set', () => {
  const settings = { kafkaBrokers: 'here:2', labHome: '/h', metricsDir: '/r', inventoryServicePort: 9000, notificationServicePort: 9100 };
  const at = serviceEnvironment({}, settings, { orders: 3, analytics: 4 });
  assert.deepEqual([at(1).INVENTORY_SERVICE_PORT, at(3).INVENTORY_SERVICE_PORT], ['9000', '9002']);
  assert.deepEqual([at(1).NOTIFICATION_SERVICE_PORT, at(2).NOTIFICATION_SERVICE_PORT], ['9100', '9101']);
});
