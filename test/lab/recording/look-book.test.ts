import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closingLooks } from '../../../src/lab/recording/closing-looks.ts';
import { LookBook } from '../../../src/lab/recording/look-book.ts';
import { orderPipeline } from '../../../src/order-lab/supervisor/service-table.ts';
import { readSettings } from '../../../src/pipeline/settings/read-settings.ts';

test('the newest answer of each question is kept, of the time that is asked for', () => {
  const book = new LookBook();
  book.keep('/api/topics', '{"n":1}', 1000);
  book.keep('/api/groups/a', '{"n":2}', 2000);
  book.keep('/api/topics', '{"n":3}', 3000);
  assert.deepEqual(book.since(0), [
    { path: '/api/groups/a', atMs: 2000, body: { n: 2 } },
    { path: '/api/topics', atMs: 3000, body: { n: 3 } },
  ]);
  assert.deepEqual(
    book.since(2500).map(({ path }) => path),
    ['/api/topics'],
  );
});

test('it is bounded: the oldest go', () => {
  const book = new LookBook();
  const large = JSON.stringify('x'.repeat(1_500_000));
  for (const n of [1, 2, 3, 4]) book.keep(`/api/orders/${n}`, large, n);
  assert.deepEqual(
    book.since(0).map(({ atMs }) => atMs),
    [3, 4],
  );
});

test('looks are kept, streams and changes are not', () => {
  const { kept = [], left = [] } = Object.groupBy(
    [
      '/api/topics',
      '/api/topics/configs',
      '/api/topics/a%2Fb/records?limit=50',
      '/api/orders/1',
      '/api/dead-letters?limit=1',
      '/api/logs/kafka?tail=1',
      '/api/logs/kafka/live',
      '/api/live',
      '/api/snapshot',
      '/api/recording',
      '/metrics',
    ],
    (url) => (LookBook.isLook(url, /^\/api\/orders\/[^/]+$/) ? 'kept' : 'left'),
  );
  assert.equal(kept.length, 6);
  assert.deepEqual(left, ['/api/logs/kafka/live', '/api/live', '/api/snapshot', '/api/recording', '/metrics']);
});

test('what is looked at in the end is what the page asks for: records and letters of each topic, and each log', () => {
  const paths = closingLooks(orderPipeline(readSettings({})), ['inventory-service.1']);
  for (const path of [
    '/api/topics/order-events/records?limit=50',
    '/api/topics/order-events.dlq/records?limit=50',
    '/api/topics/lab-settings/records?limit=50',
    '/api/dead-letters?topic=order-events&limit=100',
    '/api/dead-letters?topic=inventory-events&limit=100',
    '/api/logs/inventory-service.1?tail=200',
  ]) {
    assert.ok(paths.includes(path), path);
  }
  assert.ok(paths.every((path) => LookBook.isLook(path)));
  assert.equal(new Set(paths).size, paths.length);
});
