/** The same JSON by HTTP and over Kafka: accepted by both, or refused by both. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import pino from 'pino';
import { decodeOrder } from '../../../src/pipeline/events/order-placed.ts';
import { OrderRequest } from '../../../src/pipeline/orders/order-request.ts';
import { buildHttpApp } from '../../../src/pipeline/service/http-app.ts';

const app = await buildHttpApp({
  title: 'orders',
  description: 'takes orders',
  version: '0',
  logger: pino({ level: 'silent' }),
  health: () => ({ healthy: true, body: { status: 'ok' } }),
});
app.post('/produce', { schema: { body: OrderRequest } }, async () => ({ taken: true }));
after(() => app.close());

const order = '{"orderId":"o-1","eventType":"OrderPlaced","createdAt":"2026-11-20T20:30:00.000Z","items":[{"sku":"a","qty":1}]}';
const withQty = (qty: string): Buffer => Buffer.from(order.replace('"qty":1', `"qty":${qty}`));
const utf16 = Buffer.from(`\ufeff${order}`, 'utf16le');

const inputs: [what: string, body: Buffer, accepted: boolean][] = [
  ...['1', '1.0', '1e2', '100e-2', '9007199254740991'].map((qty): [string, Buffer, boolean] => [`qty ${qty}`, withQty(qty), true]),
  ...['9007199254740992', '9007199254740993', '1e300', '1e309', '-0', '0', '-1', '1.5', '01', '+1', '"1"', 'NaN', '1n'].map(
    (qty): [string, Buffer, boolean] => [`qty ${qty}`, withQty(qty), false],
  ),
  ['a byte order mark', Buffer.from(`\ufeff${order}`), true],
  ['blanks, tabs and line breaks around it', Buffer.from(` \t\r\n${order}\n`), true],
  ['two byte order marks', Buffer.from(`\ufeff\ufeff${order}`), false],
  ['a byte order mark after a blank', Buffer.from(` \ufeff${order}`), false],
  ['a byte order mark at the end', Buffer.from(`${order}\ufeff`), false],
  ['a byte order mark alone', Buffer.from('\ufeff'), false],
  ['half a byte order mark', Buffer.concat([Buffer.from([0xef, 0xbb]), Buffer.from(order)]), false],
  ['UTF-16', utf16, false],
  ['UTF-16 without a mark', utf16.subarray(2), false],
  ['a NUL at the end', Buffer.from(`${order}\0`), false],
  ['a no-break space before it', Buffer.from(`\u00a0${order}`), false],
  ['two values', Buffer.from(`${order}${order}`), false],
];

for (const [what, body, accepted] of inputs) {
  test(`${what}: ${accepted ? 'accepted' : 'refused'} by HTTP and over Kafka`, async () => {
    const answer = await app.inject({ method: 'POST', url: '/produce', body, headers: { 'content-type': 'application/json' } });
    assert.equal(answer.statusCode, accepted ? 200 : 400, answer.body);
    assert.equal(decodeOrder(Buffer.from('o-1'), body).ok, accepted);
  });
}
