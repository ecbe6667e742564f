import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { decodeOrder } from '../../../src/pipeline/events/order-placed.ts';
import { headersOf, readAll } from '../../support/kafka.ts';
import { runOrderService } from '../../support/order-service.ts';

type Service = Awaited<ReturnType<typeof runOrderService>>;
let service: Service;

before(async () => {
  service = await runOrderService();
  await service.healthy();
});
after(() => service[Symbol.asyncDispose]());

const soup = { sku: 'soup', qty: 2, price: 3.95 };

test('an order answered 200 is in the log where the answer says, with key and headers', async () => {
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const { status, body } = await service.post('/produce', { orderId: 'o-1', userId: 'ada', items: [soup] }, { traceparent });
  assert.equal(status, 200);
  assert.deepEqual([body.status, body.orderId, body.topic], ['published', 'o-1', service.topic]);
  const record = (await readAll(service.topic)).find(({ partition, offset }) => partition === body.partition && offset === body.offset);
  assert.ok(record);
  const decoded = decodeOrder(record.key as Buffer, record.value);
  assert.ok(decoded.ok);
  const { createdAt, ...order } = decoded.event;
  const wanted = {
    eventId: body.eventId,
    eventType: 'OrderPlaced',
    orderId: 'o-1',
    userId: 'ada',
    items: [soup],
    totalAmount: 7.9,
    status: 'placed',
  };
  assert.deepEqual(order, wanted);
  assert.deepEqual(headersOf(record), {
    'content-type': 'application/json',
    ce_specversion: '1.0',
    ce_id: body.eventId,
    ce_type: 'OrderPlaced',
    ce_source: '/replayground/order-service',
    ce_time: createdAt,
    traceparent,
  });
});

test('an order without an id gets one; the same id again is answered 200 with the same event id and partition', async () => {
  const [first, second] = [await service.post('/produce', { items: [soup] }), await service.post('/produce', { items: [soup] })];
  assert.notEqual(first.body.orderId, second.body.orderId);
  const again = await service.post('/produce', { orderId: first.body.orderId, items: [soup] });
  assert.equal(again.status, 200);
  assert.deepEqual([again.body.eventId, again.body.partition], [first.body.eventId, first.body.partition]);
});

test('ids are kept byte for byte', async () => {
  const ids = [' padded ', 'a\u0000b', 'e\u0301', '\u00e9', 'ORDER', '注文'];
  for (const orderId of ids) assert.equal((await service.post('/produce', { orderId, items: [soup] })).status, 200);
  const keys = (await readAll(service.topic)).map(({ key }) => String(key));
  assert.deepEqual(
    ids.filter((id) => !keys.includes(id)),
    [],
  );
});

test('a trace context that is none is left out', async () => {
  const { body } = await service.post('/produce', { items: [soup] }, { traceparent: 'garbage' });
  const record = (await readAll(service.topic)).find(({ partition, offset }) => partition === body.partition && offset === body.offset);
  assert.ok(record);
  assert.ok(!('traceparent' in headersOf(record)));
});

test('a wrong order is answered 400, naming the field, and nothing is written', async (t) => {
  const before = (await readAll(service.topic)).length;
  for (const [what, body, path] of [
    ['no JSON', '{"items":', ''],
    ['no items', {}, '/items'],
    ['empty items', { items: [] }, '/items'],
    ['qty 0', { items: [{ sku: 'a', qty: 0 }] }, '/items/0/qty'],
    ['qty -1', { items: [{ sku: 'a', qty: -1 }] }, '/items/0/qty'],
    ['qty 1.5', { items: [{ sku: 'a', qty: 1.5 }] }, '/items/0/qty'],
    ['qty 1e309', '{"items":[{"sku":"a","qty":1e309}]}', '/items/0/qty'],
    ['qty as text', { items: [soup, { sku: 'a', qty: '1' }] }, '/items/1/qty'],
    ['a blank sku', { items: [{ sku: ' ', qty: 1 }] }, '/items/0/sku'],
    ['a blank id', { orderId: '\t', items: [soup] }, '/orderId'],
    ['a price below 0', { items: [{ sku: 'a', qty: 1, price: -1 }] }, '/items/0/price'],
  ] as const) {
    await t.test(what, async () => {
      const answer = await service.post('/produce', body);
      assert.equal(answer.status, 400);
      assert.equal(answer.headers.get('content-type'), 'application/problem+json; charset=utf-8');
      assert.equal((answer.body.errors as { path: string }[])[0]?.path, path);
    });
  }
  assert.equal((await readAll(service.topic)).length, before);
});

test('a sum beyond all numbers is answered 422, a record that would be too large 413', async () => {
  assert.equal((await service.post('/produce', { items: [{ sku: 'a', qty: 9e15, price: 1e300 }] })).status, 422);
  assert.equal((await service.post('/produce', { orderId: 'x'.repeat(700_000), items: [soup] })).status, 413);
  assert.equal((await service.post('/produce', { userId: 'x'.repeat(2_000_000), items: [soup] })).status, 413);
});

for (const [body, status, path] of [
  [{ count: -1 }, 400, '/count'],
  [{ count: 0 }, 400, '/count'],
  [{ count: 'many' }, 400, '/count'],
  [{ count: 1.5 }, 400, '/count'],
  ['{"count":1e309}', 400, '/count'],
  [{ count: 10_000_001 }, 422, '/count'],
  [{ ratePerSec: 0 }, 400, '/ratePerSec'],
  [{ failRate: 2 }, 400, '/failRate'],
  [{ seed: {} }, 400, '/seed'],
] as const) {
  test(`a load test of ${JSON.stringify(body)} is answered ${status}, naming the field`, async () => {
    const answer = await service.post('/load-test', body);
    assert.equal(answer.status, status);
    assert.equal((answer.body.errors as { path: string }[])[0]?.path, path);
  });
}

test('a load test puts exactly so many orders into the log, and one runs at a time', async () => {
  const before = (await readAll(service.topic)).length;
  const running = service.post('/load-test', { count: 2500, ratePerSec: 5000, failRate: 1, seed: 's' });
  const second = await service.post('/load-test', {});
  assert.equal(second.status, 409);
  const { status, body } = await running;
  assert.equal(status, 200);
  assert.deepEqual([body.produced, body.remaining_in_queue, body.run_id], [2500, 0, second.body.run_id]);
  assert.ok(Math.abs(Number(body.duration_ms) - 500) < 250, `${body.duration_ms} ms for 2500 orders at 5000/s`);
  const records = (await readAll(service.topic)).filter(({ key }) => key?.toString().startsWith(`${body.run_id}-`));
  assert.equal(records.length, 2500);
  assert.equal((await readAll(service.topic)).length, before + 2500);
  assert.equal(JSON.parse(String(records[0]?.value)).status, 'failed');
});

test('a load test that the caller gives up on ends, and the next one may run', async () => {
  const hangup = AbortSignal.timeout(300);
  const headers = { 'content-type': 'application/json' };
  await assert.rejects(fetch(`${service.url}/load-test`, { method: 'POST', headers, body: '{"ratePerSec":100}', signal: hangup }));
  let next = await service.post('/load-test', { count: 10 });
  while (next.status === 409) next = await service.post('/load-test', { count: 10 });
  assert.equal(next.body.produced, 10);
});

test('Prometheus reads what was published', async () => {
  const { headers, body } = await service.get('/metrics');
  assert.match(String(headers.get('content-type')), /^text\/plain; version=0\.0\.4/);
  assert.match(String(body.text), /replayground_orders_published_total\{via="produce",service="order-service"\} [1-9]/);
});

test('the API describes its routes with their schemas and errors', async () => {
  const { body } = await service.get('/openapi.json');
  const paths = body.paths as Record<string, Record<string, { responses: object; requestBody?: { content: object } }>>;
  assert.deepEqual(Object.keys(paths).sort(), ['/health', '/load-test', '/metrics', '/produce']);
  assert.deepEqual(Object.keys(paths['/produce']?.post?.responses ?? {}), ['200', '400', '413', '415', '422', '429', '503']);
  assert.ok(paths['/produce']?.post?.requestBody?.content && 'application/json' in paths['/produce'].post.requestBody.content);
  assert.doesNotMatch(JSON.stringify(body), /"\$ref"|undefined/);
});
