import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { kafkaJsConfig } from '../../../src/kafka/client/kafkajs-config.ts';
import { readSettings } from '../../../src/pipeline/settings/read-settings.ts';

const login = { KAFKA_SASL_USERNAME: 'u', KAFKA_SASL_PASSWORD: 'p' };

test('KafkaJS is told every broker, and nothing of TLS or a login where there is none', () => {
  assert.deepEqual(kafkaJsConfig(readSettings({ KAFKA_BROKERS: 'a:1, b:2' })), { brokers: ['a:1', 'b:2'] });
  assert.deepEqual(kafkaJsConfig(readSettings({ KAFKA_PORT: '9093' })), { brokers: ['127.0.0.1:9093'] });
});

test('KafkaJS gets PEM files as texts, and the mechanism as it writes it', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'kafkajs-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const ca = join(folder, 'ca.pem');
  writeFileSync(ca, 'the authority');
  const env = { KAFKA_BROKERS: 'a:1', KAFKA_SECURITY_PROTOCOL: 'SASL_SSL', KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512', ...login };
  const sasl = { mechanism: 'scram-sha-512', username: 'u', password: 'p' };
  assert.deepEqual(kafkaJsConfig(readSettings({ ...env, KAFKA_SSL_CA: ca })), { brokers: ['a:1'], ssl: { ca: 'the authority' }, sasl });
  assert.deepEqual(kafkaJsConfig(readSettings(env)), { brokers: ['a:1'], ssl: true, sasl }, "the system's authorities");
});
