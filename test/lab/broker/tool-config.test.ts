import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { test } from 'node:test';
import { toolProperties, writeToolConfig } from '../../../src/lab/broker/tool-config.ts';

const settings = {
  securityProtocol: 'sasl_ssl',
  saslMechanism: 'SCRAM-SHA-256',
  saslUsername: 'me',
  saslPassword: 'a"b\\c; \nä',
  sslCa: '/etc/ca.pem',
  sslCert: undefined,
  sslKey: undefined,
} as const;

test('the settings of a secured Kafka are said as its Java tools want them', () => {
  assert.deepEqual(toolProperties(settings).split('\n'), [
    'security.protocol=SASL_SSL',
    'sasl.mechanism=SCRAM-SHA-256',
    'sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required username="me" password="a\\\\"b\\\\\\\\c; \\u000a\\u00e4";',
    'ssl.truststore.type=PEM',
    'ssl.truststore.location=/etc/ca.pem',
    '',
  ]);
  assert.match(toolProperties({ ...settings, saslMechanism: 'PLAIN' }), /plain\.PlainLoginModule required/);
});

test('they stand in a file that only this user can read, and that is gone afterwards', () => {
  let path: string;
  {
    using config = writeToolConfig(settings);
    path = config.path;
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.equal(readFileSync(path, 'utf8'), toolProperties(settings));
  }
  assert.equal(existsSync(path), false);
});
