import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ReplaygroundError } from '../../../src/kafka/errors.ts';
import type { KafkaState, OrderRecord } from '../../../src/pipeline/orders/order-publisher.ts';
import { placeOrder } from '../../../src/pipeline/orders/place-order.ts';
import { HttpProblem } from '../../../src/pipeline/service/problem.ts';

const request = { items: [{ sku: 'soup', qty: 1 }] };
const context = { now: new Date('2026-11-20T20:30:00.000Z') };

/** A way into Kafka that is as the test says. */
const publisher = (state: KafkaState, publish: (record: OrderRecord) => Promise<never>, inFlight = 0) => ({
  state,
  why: state === 'up' ? '' : 'Kafka does not answer',
  inFlight,
  publish,
});

async function problemOf(placing: Promise<unknown>): Promise<HttpProblem> {
  const error = await placing.then(
    () => assert.fail('the order was taken'),
    (error: unknown) => error,
  );
  assert.ok(error instanceof HttpProblem);
  return error;
}

const fails = (code: number) => async (): Promise<never> => {
  throw new ReplaygroundError('kafka-error', 'could not write the order: no', { cause: Object.assign(new Error('no'), { code }) });
};
const neverCalled = async (): Promise<never> => assert.fail('nothing may be written');

test('an order that Kafka did not confirm is answered 503 with the id to send again, made up or not', async () => {
  const { statusCode, extra } = await problemOf(placeOrder({ ...request, orderId: 'o-1' }, publisher('up', fails(-192)), context));
  assert.deepEqual([statusCode, extra.members, extra.headers], [503, { orderId: 'o-1' }, { 'retry-after': '1' }]);
  const made = await problemOf(placeOrder(request, publisher('up', fails(-192)), context));
  assert.match(String(made.extra.members?.orderId), /^[0-9a-f-]{36}$/);
});

test('while Kafka is away nothing is handed to the client', async () => {
  for (const state of ['connecting', 'down', 'topic-missing'] as const) {
    assert.equal((await problemOf(placeOrder(request, publisher(state, neverCalled), context))).statusCode, 503);
  }
});

test('a caller is told to slow down when too many orders wait', async () => {
  const { statusCode, extra } = await problemOf(placeOrder(request, publisher('up', neverCalled, 10_000), context));
  assert.deepEqual([statusCode, extra.headers], [429, { 'retry-after': '1' }]);
});

test('a record that Kafka finds too large is answered 413', async () => {
  assert.equal((await problemOf(placeOrder(request, publisher('up', fails(10)), context))).statusCode, 413);
});
