import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Caller, ownHosts, refuseChange } from '../../../src/lab/api/change-guard.ts';

const guard = { tokens: ['secret'], hosts: ownHosts('127.0.0.1', 8080) };
const page: Caller = {
  ip: '127.0.0.1',
  host: 'localhost:8080',
  origin: 'http://localhost:8080',
  secFetchSite: 'same-origin',
  authorization: undefined,
};
const program: Caller = { ip: '127.0.0.1', host: '127.0.0.1:8080', origin: undefined, secFetchSite: undefined, authorization: undefined };

test("the lab's own page and a holder of the token may change things", () => {
  assert.equal(refuseChange(page, guard), null);
  assert.equal(refuseChange({ ...program, authorization: 'Bearer secret' }, guard), null);
  assert.equal(refuseChange({ ...program, ip: '10.0.0.7', authorization: 'Bearer secret' }, guard), null);
});

test('a page that a proxy serves over https may, where LAB_ORIGIN names it, whichever Host the proxy hands on', () => {
  const behind = { ...guard, publicOrigin: 'https://lab.example.org' };
  const proxied = { ...page, origin: 'https://lab.example.org' };
  for (const host of ['lab.example.org', '127.0.0.1:8080']) assert.equal(refuseChange({ ...proxied, host }, behind), null, host);
  assert.match(
    String(refuseChange(proxied, guard)),
    /it is of https:\/\/lab\.example\.org, this lab is http:\/\/localhost:8080.*LAB_ORIGIN=https:\/\/lab\.example\.org/,
  );
  assert.notEqual(refuseChange({ ...proxied, origin: 'https://evil.example' }, behind), null);
  assert.notEqual(refuseChange({ ...proxied, secFetchSite: 'cross-site' }, behind), null);
  assert.notEqual(refuseChange({ ...proxied, ip: '10.0.0.7' }, behind), null);
  assert.equal(refuseChange(page, behind), null);
});

test('nobody else may', () => {
  const refused: [string, Caller][] = [
    ['no token', program],
    ['a wrong token', { ...page, authorization: 'Bearer secreT' }],
    ['an empty token', { ...program, authorization: 'Bearer ' }],
    ['another site', { ...page, origin: 'http://evil.example' }],
    ['another port', { ...page, origin: 'http://localhost:9999' }],
    ['https', { ...page, origin: 'https://localhost:8080' }],
    ['a sandboxed frame', { ...page, origin: 'null' }],
    ['a name that is turned to this machine', { ...page, host: 'evil.example:8080', origin: 'http://evil.example:8080' }],
    ['a cross-site fetch', { ...page, secFetchSite: 'cross-site' }],
    ['another machine', { ...page, ip: '10.0.0.7' }],
  ];
  for (const [who, caller] of refused) assert.notEqual(refuseChange(caller, guard), null, who);
});
