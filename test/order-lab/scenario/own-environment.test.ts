import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { byFirstNames, ownEnvironment, refuseOtherSettings } from '../../../src/order-lab/scenario/own-environment.ts';

const scenario = (environment?: Record<string, string>) => ({
  name: 'mine',
  scenario: { title: 'Mine', summary: 'It is mine.', exercises: [], run: async () => {}, ...(environment && { environment }) },
});

describe('the environment of a lab of its own', () => {
  it('has what the caller gives, by one name each, and free ports where the caller wants none', () => {
    const env = { PATH: '/bin', FAIL_RATE: '0.5', THROTTLE_MS: '3', LAB_PORT: '9999', ORDERS_TOPIC: ' ', LOG_LEVEL: 'debug' };
    assert.deepEqual(ownEnvironment(env, {}), {
      PATH: '/bin',
      LOG_LEVEL: 'debug',
      INVENTORY_FAIL_RATE: '0.5',
      CONSUMER_THROTTLE_MS: '3',
      ANALYTICS_THROTTLE_MS: '3',
      LAB_PORT: '9999',
      KAFKA_PORT: '0',
      ORDER_SERVICE_PORT: '0',
      ANALYTICS_SERVICE_PORT: '0',
      INVENTORY_SERVICE_PORT: '0',
    });
  });

  it("has the scenario's own variables, whatever name it gives them", () => {
    const { INVENTORY_FAIL_RATE, FAIL_RATE, MINE } = ownEnvironment({}, { FAIL_RATE: '0.3', MINE: 'yes' });
    assert.deepEqual([INVENTORY_FAIL_RATE, FAIL_RATE, MINE], ['0.3', undefined, 'yes']);
    assert.deepEqual(byFirstNames({ FAIL_RATE: '0.3', MINE: 'yes' }), { INVENTORY_FAIL_RATE: '0.3', MINE: 'yes' });
  });

  it("has nothing of the caller's folders, of its Kafka, or of a burst", () => {
    const env = { LAB_HOME: '/x', METRICS_DIR: '/y', LAB_INSTANCE: '7', KAFKA_BROKERS: 'a:1', KAFKA_SASL_PASSWORD: 'p', TOTAL_EVENTS: '5' };
    assert.deepEqual(ownEnvironment(env, {}), ownEnvironment({}, {}));
  });
});

describe('a setting that is given to a lab of its own', () => {
  const refused = (env: NodeJS.ProcessEnv, message: RegExp, environment?: Record<string, string>): void =>
    assert.throws(() => refuseOtherSettings(scenario(environment), env), { code: 'bad-setting', message }, JSON.stringify(env));

  it('is refused where it names another Kafka', () => {
    refused(
      { BOOTSTRAP_SERVERS: 'a:1' },
      /^BOOTSTRAP_SERVERS="a:1", but a lab of its own has a Kafka of its own: leave it out, or use --here/,
    );
    refused({ KAFKA_SECURITY_PROTOCOL: 'ssl' }, /^KAFKA_SECURITY_PROTOCOL="ssl", but a lab of its own/);
    refuseOtherSettings(scenario(), { KAFKA_SECURITY_PROTOCOL: 'plaintext', KAFKA_BROKERS: ' ' });
  });

  it('is refused where the scenario sets another value, with both', () => {
    refused({ FAIL_RATE: '0.5' }, /^FAIL_RATE=0.5, but mine runs its lab with 0.3: leave it out$/, { INVENTORY_FAIL_RATE: '0.3' });
    refused({ LAB_TOKEN: 'a' }, /^LAB_TOKEN=\(hidden\), but mine runs its lab with \(hidden\)/, { LAB_TOKEN: 'b' });
    refuseOtherSettings(scenario({ INVENTORY_FAIL_RATE: '0.3' }), { FAIL_RATE: '0.30', CONSUMER_THROTTLE_MS: '5' });
  });

  it('is refused where it says what to send, and where its value is wrong', () => {
    refused({ TOTAL_EVENTS: '5' }, /^TOTAL_EVENTS=5, but a scenario says itself what it sends/);
    refused({ INVENTORY_FAIL_RATE: '2' }, /^INVENTORY_FAIL_RATE="2" is not allowed/);
  });
});
