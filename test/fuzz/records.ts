/** Records for both topics, each made to be readable or not: what becomes of it is known before it is sent. */
import { randomBytes } from 'node:crypto';
import fc, { type Arbitrary } from 'fast-check';
import { encodeInventoryEvent, inventoryEvent } from '../../src/pipeline/events/inventory-event.ts';
import { orderRecord, type PlainRecord } from '../support/produce.ts';
import { brokenText, depths, hugeString } from './weird.ts';

/** Foreign headers, with bytes in them, called like anybody's. */
const foreignHeaders = fc.dictionary(
  fc.constantFrom('kafka_dlt-original-offset', '__connect.errors.topic', 'traceparent', '__proto__', 'constructor', 'x'),
  fc.string({ unit: 'binary', maxLength: 20 }),
  { maxKeys: 3, noNullPrototype: false },
);
/** What our own dead letters carry, about some other place, near or far. */
const claims = fc.tuple(fc.nat({ max: 2 }), fc.constantFrom(0, 1, 5, 100, 999_999)).map(([partition, offset]) => ({
  '__replayground.errors.topic': claimedTopic,
  '__replayground.errors.partition': String(partition),
  '__replayground.errors.offset': String(offset),
}));
/** In a claim: the test puts the topic's name there. */
export const claimedTopic = '<this topic>';

const anyHeaders: Arbitrary<PlainRecord['headers']> = fc.oneof(
  { weight: 5, arbitrary: fc.constant(undefined) },
  { weight: 5, arbitrary: foreignHeaders as Arbitrary<Record<string, string>> },
  { weight: 1, arbitrary: claims },
);
/** Milliseconds as usual, far ahead, and nanoseconds, which are no date. */
const anyTime = fc.constantFrom(undefined, undefined, undefined, 0, 4_000_000_000_000, 1_700_000_000_000_000_000);

const withHeaders = (record: Arbitrary<PlainRecord>): Arbitrary<PlainRecord> =>
  fc.tuple(record, anyHeaders, anyTime).map(([one, headers, timestamp]) => ({
    ...one,
    ...(headers && { headers }),
    ...(timestamp !== undefined && { timestamp }),
  }));

const id = fc.uuid();

/** Each in a minute of its own, nearly: of any year that has four digits. */
const createdAt = fc
  .noBias(fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 }))
  .map((moment) => new Date(moment).toISOString());

/** An order that must be decided, however strange its surroundings. */
export const goodOrder: Arbitrary<PlainRecord> = withHeaders(
  fc.oneof(
    id.map((orderId) => orderRecord(orderId)),
    { weight: 5, arbitrary: fc.tuple(id, createdAt).map(([orderId, time]) => orderRecord(orderId, { createdAt: time })) },
    fc.tuple(id, fc.string({ unit: 'grapheme', maxLength: 20 })).map(([unique, text]) => orderRecord(`${text}${unique}`)),
    fc.tuple(id, fc.jsonValue({ maxDepth: 3 })).map(([orderId, extra]) => orderRecord(orderId, { extra, nested: { extra } })),
    id.map((orderId) => withRaw(orderRecord(orderId), '"__proto__":{"orderId":"other"},"constructor":{"prototype":{"polluted":1}}')),
    fc
      .tuple(id, fc.integer({ min: 1, max: 2000 }))
      .map(([orderId, depth]) => withRaw(orderRecord(orderId), `"deep":${'['.repeat(depth)}${']'.repeat(depth)}`)),
    id.map((orderId) => orderRecord(orderId, { userId: null, totalAmount: null, status: 'failed' })),
  ),
);

/** One field of an order that cannot be right. */
const badField: Arbitrary<Record<string, unknown>> = (() => {
  const notText = fc.constantFrom(null, 7, true, [], {}, '', ' ', '\u3000');
  const badQuantity = fc.constantFrom(0, -1, 1.5, '1', null, [], Number.MAX_VALUE * -1, 2 ** 53);
  const badTime = fc.constantFrom(
    '',
    'yesterday',
    '2026-02-30T00:00:00Z',
    '2026-01-05',
    20_260_105,
    -1,
    1e20,
    null,
    '9999-12-31T23:59:59-01:00',
  );
  return fc.oneof(
    fc.constantFrom('items', 'createdAt').map((name) => ({ [name]: undefined })),
    notText.map((sku) => ({ items: [{ sku, qty: 1 }] })),
    badQuantity.map((qty) => ({ items: [{ sku: 'a', qty }] })),
    fc.constantFrom([], {}, 'a', 3, null, [null], [[]]).map((items) => ({ items })),
    badTime.map((createdAt) => ({ createdAt })),
    fc.constantFrom('PLACED', '', 1, {}).map((status) => ({ status })),
    fc.constantFrom('OrderShipped', '', '__proto__', 'toString').map((eventType) => ({ eventType })),
    fc.constantFrom(7, true, {}, []).map((userId) => ({ userId })),
    fc.constantFrom('5', true, {}, []).map((totalAmount) => ({ totalAmount })),
  );
})();

/** JSON that loses something when it is parsed, and text that looks like JSON. */
const lossy = fc.constantFrom(
  '{"a":9007199254740993,"d":1,"d":2,"p":1.10}',
  '[1e999]',
  'null',
  'x',
  '"x"',
  '"base64:/w=="',
  '{"2":1,"1":2}',
);

/** A record of the orders topic that must become a dead letter. */
export const badOrder: Arbitrary<PlainRecord> = withHeaders(
  fc.oneof(
    { weight: 20, arbitrary: fc.tuple(id, brokenText).map(([key, value]) => ({ key, value })) },
    { weight: 5, arbitrary: fc.tuple(id, lossy).map(([key, value]) => ({ key, value })) },
    { weight: 40, arbitrary: fc.tuple(id, badField).map(([orderId, change]) => orderRecord(orderId, change)) },
    { weight: 5, arbitrary: id.map((key) => ({ key, value: null })) },
    { weight: 5, arbitrary: fc.tuple(id, fc.boolean()).map(([unique, withEventId]) => halfPair(unique, withEventId)) },
    { weight: 3, arbitrary: fc.constant({ key: null, value: null }) },
    { weight: 3, arbitrary: id.map((key) => ({ key, value: '' })) },
    { weight: 5, arbitrary: fc.tuple(id, fc.constantFrom('[]', 'null', '1', '"text"', '1e309')).map(([key, value]) => ({ key, value })) },
    { weight: 5, arbitrary: id.map((orderId) => ({ ...orderRecord(orderId), key: null })) },
    { weight: 5, arbitrary: fc.tuple(id, id).map(([orderId, other]) => ({ ...orderRecord(orderId), key: `${other}!` })) },
    {
      weight: 5,
      arbitrary: fc
        .tuple(id, fc.uint8Array({ maxLength: 8 }))
        .map(([orderId, bytes]) => ({ ...orderRecord(orderId), key: Buffer.from([0xff, ...bytes]) })),
    },
    {
      weight: 3,
      arbitrary: fc.tuple(id, depths).map(([key, depth]) => ({ key, value: '['.repeat(depth) + ']'.repeat(depth) })),
    },
  ),
);

/** A record of the inventory topic that is no decision. */
export const badDecision: Arbitrary<PlainRecord> = withHeaders(
  fc.oneof(
    fc.tuple(id, brokenText).map(([key, value]) => ({ key, value })),
    id.map((key) => ({ key, value: null })),
    fc
      .tuple(
        id,
        fc.constantFrom(
          { action: 'release' },
          { action: 'x' },
          { source: null },
          { items: {} },
          { createdAt: 'no' },
          { eventType: 'constructor' },
          { source: { topic: 't', partition: -1, offset: 0 } },
        ),
      )
      .map(([orderId, change]) => ({ key: orderId, value: JSON.stringify({ ...decisionOn(orderId), ...change }) })),
    fc.tuple(id, id).map(([orderId, other]) => ({ key: `${other}!`, value: JSON.stringify(decisionOn(orderId)) })),
  ),
);

function decisionOn(orderId: string): object {
  const order = JSON.parse(String(orderRecord(orderId).value));
  return JSON.parse(
    encodeInventoryEvent(inventoryEvent(order, 'InventoryReserved', { topic: 'orders', partition: 0, offset: 0 })).toString(),
  );
}

/** Some records as large as a topic takes, and larger once unpacked. */
export const hugeRecords: Arbitrary<{ good: PlainRecord; bad: PlainRecord }> = fc
  .tuple(id, id, hugeString)
  .map(([goodId, badId, text]) => ({
    good: orderRecord(goodId, { extra: 'x'.repeat(900_000) }),
    bad: withRaw(orderRecord(badId), `"extra":${text}`),
  }));

/** A value that no dead-letter topic takes whole, packed or not. */
export const tooLargeForLetters = (key: string): PlainRecord => ({ key, value: randomBytes(18_000_000) });

/** An id that has no UTF-8: the key is what the client would make of it. */
const halfPair = (unique: string, withEventId: boolean): PlainRecord =>
  orderRecord(`${unique}\ud800`, { eventId: withEventId ? 'event' : undefined });

/** @returns the record with raw JSON in front of its fields */
function withRaw(record: PlainRecord, raw: string): PlainRecord {
  return { ...record, value: `{${raw},${String(record.value).slice(1)}` };
}
