import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Source } from '../../../../src/lab/watch/samples/freshness.ts';

test('what a broker said before it went is old at once, and until it has said something again', () => {
  const source = new Source();
  source.ok(10_000);
  assert.equal(source.view(12_000).staleSince, null, 'a look may fail');
  assert.notEqual(source.view(14_000).staleSince, null, 'some may not');
  assert.equal(source.view(10_500, 9000).staleSince, null, 'it is up');
  assert.equal(source.view(10_500, null).staleSince, '1970-01-01T00:00:10.000Z', 'it is down');
  assert.equal(source.view(11_500, 11_000).staleSince, '1970-01-01T00:00:10.000Z', 'it is up again, and has said nothing yet');
  source.ok(11_600);
  assert.equal(source.view(11_700, 11_000).staleSince, null);
});
