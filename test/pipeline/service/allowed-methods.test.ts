import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allowedMethods, matchesPattern } from '../../../src/pipeline/service/allowed-methods.ts';

test('a parameter fits one segment that is not empty, a star fits the rest', () => {
  assert.ok(matchesPattern('/replay/:id', '/replay/7'));
  assert.ok(!matchesPattern('/replay/:id', '/replay/'));
  assert.ok(!matchesPattern('/replay/:id', '/replay/7/more'));
  assert.ok(matchesPattern('/docs/static/*', '/docs/static/a/b.css'));
  assert.ok(!matchesPattern('/docs/static/*', '/docs'));
});

test('the methods of all routes that fit a path are told, and none for an unknown path', () => {
  const routes = new Map([
    ['/replay', new Set(['POST'])],
    ['/replay/:id', new Set(['GET', 'HEAD'])],
  ]);
  assert.deepEqual(allowedMethods(routes, '/replay/1'), ['GET', 'HEAD']);
  assert.deepEqual(allowedMethods(routes, '/nothing'), []);
});
