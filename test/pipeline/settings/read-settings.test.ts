import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { isSet, projectRoot, readSettings } from '../../../src/pipeline/settings/read-settings.ts';

const refused = (env: NodeJS.ProcessEnv): string => {
  try {
    readSettings(env);
  } catch (error) {
    return (error as Error).message;
  }
  return 'accepted';
};

describe('the settings', () => {
  it('have the documented defaults', () => {
    const settings = readSettings({});
    assert.equal(settings.kafkaBrokers, undefined);
    assert.equal(settings.ordersTopic, 'order-events');
    assert.equal(settings.inventoryTopic, 'inventory-events');
    assert.equal(settings.inventoryGroupId, 'inventory-service-group');
    assert.equal(settings.analyticsGroupId, 'analytics-group');
    assert.deepEqual(
      [settings.orderServicePort, settings.analyticsServicePort, settings.labPort, settings.kafkaPort],
      [8000, 8002, 8080, 9092],
    );
    assert.equal(settings.inventoryFailRate, 0.05);
    assert.equal(settings.failSeed, 'replayground');
    assert.equal(settings.totalEvents, 10_000);
    assert.equal(settings.labHome, join(projectRoot, '.lab'));
    assert.equal(settings.metricsDir, join(projectRoot, 'results'));
  });

  it('are known by their other names', () => {
    assert.equal(readSettings({ BOOTSTRAP_SERVERS: 'a:1' }).kafkaBrokers, 'a:1');
    assert.equal(readSettings({ KAFKA_BOOTSTRAP_SERVERS: 'a:1' }).kafkaBrokers, 'a:1');
    assert.equal(readSettings({ KAFKA_BROKERS: '[::1]:9092, b.example:1' }).kafkaBrokers, '[::1]:9092, b.example:1');
    assert.equal(readSettings({ FAIL_RATE: '0.3' }).inventoryFailRate, 0.3);
    assert.equal(readSettings({ KAFKA_SECURITY_PROTOCOL: 'SSL' }).securityProtocol, 'ssl');
  });

  it('take THROTTLE_MS only where the service’s own throttle is not set', () => {
    const both = readSettings({ THROTTLE_MS: '7' });
    assert.deepEqual([both.consumerThrottleMs, both.analyticsThrottleMs], [7, 7]);
    const one = readSettings({ THROTTLE_MS: '7', CONSUMER_THROTTLE_MS: '2' });
    assert.deepEqual([one.consumerThrottleMs, one.analyticsThrottleMs], [2, 7]);
  });

  it('put results into LAB_HOME, so that two homes share nothing', () => {
    assert.equal(readSettings({ LAB_HOME: '/somewhere/lab' }).metricsDir, '/somewhere/lab/results');
    assert.equal(readSettings({ LAB_HOME: '/somewhere/lab', METRICS_DIR: '/else' }).metricsDir, '/else');
  });

  it('count an empty variable as unset', () => {
    assert.equal(readSettings({ LAB_PORT: ' ' }).labPort, 8080);
    assert.equal(isSet('labPort', { LAB_PORT: '' }), false);
    assert.equal(isSet('consumerThrottleMs', { THROTTLE_MS: '1' }), true);
  });

  const wrong: [NodeJS.ProcessEnv, RegExp][] = [
    [{ FAIL_RATE: '2' }, /^FAIL_RATE="2" is not allowed: a number from 0 to 1$/],
    [{ LAB_PORT: 'abc' }, /^LAB_PORT="abc" is not allowed: a whole number from 0 to 65535$/],
    [{ TOTAL_EVENTS: '1.5' }, /^TOTAL_EVENTS="1.5" is not allowed: a whole number/],
    [{ TOTAL_EVENTS: 'true' }, /^TOTAL_EVENTS="true" is not allowed/],
    [{ MODE: 'fast' }, /^MODE="fast" is not allowed: one of serve, burst$/],
    [{ LAB_INSTANCE: 'a/b' }, /^LAB_INSTANCE="a\/b" is not allowed/],
    [
      { KAFKA_BROKERS: 'a:1', BOOTSTRAP_SERVERS: 'b:1' },
      /^KAFKA_BROKERS="a:1" and BOOTSTRAP_SERVERS="b:1" name the same setting but differ/,
    ],
    [{ INVENTORY_FAIL_RATE: '0.1', FAIL_RATE: '0.2' }, /^INVENTORY_FAIL_RATE="0.1" and FAIL_RATE="0.2" name the same setting/],
    [{ KAFKA_SECURITY_PROTOCOL: 'sasl_ssl', KAFKA_SASL_USERNAME: 'me' }, /needs KAFKA_SASL_MECHANISM/],
    [{ LAB_HOME: '/a\nb' }, /^LAB_HOME="\/a\\nb" is not allowed: a path without control characters$/],
    [{ LAB_CACHE: '/a:b' }, /^LAB_CACHE="\/a:b" is not allowed: Java takes/],
    [{ KAFKA_BROKERS: '"a:1"' }, /there are quotes in it; write host:port/],
    [{ BOOTSTRAP_SERVERS: 'a:1;b:1' }, /^BOOTSTRAP_SERVERS="a:1;b:1" is not allowed: addresses stand apart by commas/],
    [{ KAFKA_BROKERS: 'PLAINTEXT://a:1' }, /PLAINTEXT:\/\/a:1 has a scheme/],
    [{ KAFKA_BROKERS: 'a:1,b' }, /b has no port/],
    [{ KAFKA_BROKERS: 'a:1,' }, /an address is empty/],
    [{ KAFKA_BROKERS: 'a:0' }, /0 is no port/],
    [{ KAFKA_BROKERS: '::1:9092' }, /::1:9092 is no host:port/],
    [{ LAB_HOST: '0.0.0.0' }, /^LAB_HOST=0\.0\.0\.0 is reachable from elsewhere: set LAB_TOKEN too/],
  ];
  for (const [env, message] of wrong) {
    it(`refuse ${JSON.stringify(env)} in one line`, () => {
      assert.match(refused(env), message);
      assert.ok(!refused(env).includes('\n'));
    });
  }

  it('let a trusted network stand for the token', () => {
    assert.equal(readSettings({ LAB_HOST: '0.0.0.0', LAB_TRUSTED_NETWORK: 'yes' }).labToken, undefined);
    assert.equal(readSettings({ LAB_HOST: '0.0.0.0', LAB_TOKEN: 'secret' }).labTrustedNetwork, 'no');
  });

  it('never show a secret', () => {
    assert.ok(!refused({ KAFKA_SASL_PASSWORD: 'hunter2', KAFKA_SECURITY_PROTOCOL: 'sasl_ssl' }).includes('hunter2'));
  });
});
