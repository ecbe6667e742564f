import assert from 'node:assert/strict';
import { hostname } from 'node:os';
import { test } from 'node:test';
import { isKnownHost } from '../../../src/pipeline/service/known-host.ts';

const alone = { labHost: '127.0.0.1', isTrustedNetwork: false };
const network = { labHost: '0.0.0.0', isTrustedNetwork: true };

test('addresses, localhost, the name of the machine and LAB_HOST are known, with any port', () => {
  for (const host of [
    '127.0.0.1',
    '127.0.0.1:80',
    '[::1]:8080',
    'LOCALHOST:1',
    'lab.localhost',
    '10.1.2.3:80',
    hostname(),
    `${hostname()}:80`,
    undefined,
  ]) {
    assert.equal(isKnownHost(host, alone), true, host);
  }
  assert.equal(isKnownHost('lab.example:8080', { ...alone, labHost: 'lab.example' }), true);
});

test('any other name may be rebound to us by whoever owns it', () => {
  for (const host of [
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.nip.io',
    'evil.example:127.0.0.1',
    '',
    ':80',
    '[evil.example]',
    'a b',
    'x@localhost',
  ]) {
    assert.equal(isKnownHost(host, alone), false, host);
  }
});

test('in a trusted network services call each other by names that nobody outside can own', () => {
  for (const host of ['order-service:8000', 'order-service.default.svc.cluster.local:8000']) {
    assert.equal(isKnownHost(host, network), true, host);
    assert.equal(isKnownHost(host, alone), false, host);
  }
  assert.equal(isKnownHost('order-service.evil.example', network), false);
});
