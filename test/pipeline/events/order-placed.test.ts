import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeOrder, encodeOrder } from '../../../src/pipeline/events/order-placed.ts';

const today = {
  eventId: 'e-1',
  eventType: 'OrderPlaced',
  orderId: 'o-1',
  userId: 'u-1',
  items: [{ sku: 'burger', qty: 2, price: 4.5 }],
  totalAmount: 9,
  status: 'placed',
  createdAt: '2026-11-20T20:30:00.000Z',
};

const decode = (value: unknown, key: string | null = 'o-1') =>
  decodeOrder(key === null ? null : Buffer.from(key), Buffer.isBuffer(value) ? value : Buffer.from(JSON.stringify(value)));
const reasonOf = (value: unknown, key?: string | null) => {
  const decoded = decode(value, key);
  return decoded.ok ? 'ok' : decoded.reason;
};

describe('reading an order', () => {
  it('gives back what was written', () => {
    const decoded = decode(today);
    assert.ok(decoded.ok);
    assert.deepEqual(decoded.event, today);
    assert.deepEqual(JSON.parse(encodeOrder(decoded.event).toString()), today);
  });

  it('fills in the status, and does without the optional fields', () => {
    const { userId, totalAmount, status, ...rest } = today;
    const decoded = decode({ ...rest, items: [{ sku: 'burger', qty: 2 }] });
    assert.ok(decoded.ok);
    assert.equal(decoded.event.status, 'placed');
    assert.ok(!('userId' in decoded.event) && !('totalAmount' in decoded.event));
  });

  it('reads the snake-case shape as today’s', () => {
    const decoded = decode({
      event_type: 'OrderPlaced',
      order_id: 'o-1',
      user_id: 'u-1',
      items: [{ item_id: 'burger', quantity: 2, price: 4.5 }],
      total_amount: 9,
      status: 'failed',
      timestamp: '2026-11-20T20:30:00.123456',
    });
    assert.ok(decoded.ok);
    const { eventId, ...rest } = decoded.event;
    assert.match(eventId, /^[0-9a-f]{8}-[0-9a-f]{4}-5/);
    assert.deepEqual(rest, {
      eventType: 'OrderPlaced',
      orderId: 'o-1',
      userId: 'u-1',
      items: [{ sku: 'burger', qty: 2, price: 4.5 }],
      totalAmount: 9,
      status: 'failed',
      createdAt: '2026-11-20T20:30:00.123Z',
    });
  });

  for (const field of ['eventType', 'event_type']) {
    it(`reads ${field} OrderCreated as OrderPlaced`, () => {
      const { eventType, ...rest } = today;
      const decoded = decode({ ...rest, [field]: 'OrderCreated' });
      assert.ok(decoded.ok);
      assert.equal(decoded.event.eventType, 'OrderPlaced');
    });
  }

  it('turns a time with an offset to UTC, and takes one without as UTC', () => {
    const createdAtOf = (createdAt: string) => {
      const decoded = decode({ ...today, createdAt });
      return decoded.ok && decoded.event.createdAt;
    };
    assert.equal(createdAtOf('2026-11-20T22:30:00+02:00'), '2026-11-20T20:30:00.000Z');
    assert.equal(createdAtOf('2026-11-20 20:30:00'), '2026-11-20T20:30:00.000Z');
    assert.equal(createdAtOf('2026-11-20T20:30:00.5Z'), '2026-11-20T20:30:00.500Z');
  });

  it('reads an epoch number, and says of one that is no time which field it is', () => {
    const decoded = decode({ ...today, createdAt: Date.parse(today.createdAt) });
    assert.deepEqual(decoded, { ok: true, event: today });
    for (const epoch of [0, -1, 20261125, 1e25]) {
      const refused = decode({ ...today, createdAt: epoch });
      assert.match(refused.ok ? '' : refused.message, /^\/createdAt is neither an RFC 3339 or ISO 8601 time nor an epoch number/);
    }
  });

  it('ignores unknown fields wherever they stand, an own __proto__ too', () => {
    const text = JSON.stringify(today)
      .replace('{"eventId"', '{"__proto__":{"status":"failed"},"extra":1,"eventId"')
      .replace('{"sku"', '{"__proto__":{"qty":0},"more":[],"sku"');
    const decoded = decode(Buffer.from(text));
    assert.ok(decoded.ok);
    assert.deepEqual(decoded.event, today);
    assert.equal(Object.getPrototypeOf(decoded.event), Object.prototype);
  });

  it('keeps case and Unicode form of ids', () => {
    for (const orderId of ['Ünïcode', 'e\u0301', 'ÀB', ' padded ']) {
      const decoded = decode({ ...today, orderId }, orderId);
      assert.ok(decoded.ok);
      assert.equal(decoded.event.orderId, orderId);
    }
  });

  const unreadable: [string, unknown, string, (string | null)?][] = [
    ['a key that is another id', today, 'key-mismatch', 'o-2'],
    ['no key', today, 'missing-key', null],
    ['an empty key', today, 'missing-key', ''],
    ['a blank id', { ...today, orderId: ' ' }, 'bad-shape', ' '],
    ['a blank sku', { ...today, items: [{ sku: '', qty: 1 }] }, 'bad-shape'],
    ['no items', { ...today, items: [] }, 'bad-shape'],
    ['a qty of 0', { ...today, items: [{ sku: 'a', qty: 0 }] }, 'bad-shape'],
    ['a qty of 1.5', { ...today, items: [{ sku: 'a', qty: 1.5 }] }, 'bad-shape'],
    ['a qty of 1e309', Buffer.from(JSON.stringify(today).replace('"qty":2', '"qty":1e309')), 'bad-shape'],
    ['a qty that is a text', { ...today, items: [{ sku: 'a', qty: '2' }] }, 'bad-shape'],
    ['an unknown status', { ...today, status: 'lost' }, 'bad-shape'],
    ['an unknown event type', { ...today, eventType: 'OrderLost' }, 'unknown-type'],
    ['a day that does not exist', { ...today, createdAt: '2026-02-30T00:00:00Z' }, 'bad-shape'],
    ['no time', { ...today, createdAt: undefined }, 'bad-shape'],
    ['an array', [], 'bad-shape'],
    ['a text', Buffer.from('"order"'), 'bad-shape'],
    ['no JSON', Buffer.from('{'), 'bad-json'],
    ['bytes that are not UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 'bad-utf8'],
    ['nothing', Buffer.alloc(0), 'empty'],
    ['more than 1 MiB', { ...today, userId: 'x'.repeat(1024 * 1024) }, 'oversized'],
    ['deep nesting', Buffer.from('['.repeat(200_000) + ']'.repeat(200_000)), 'bad-shape'],
  ];
  for (const [what, value, reason, key = 'o-1'] of unreadable) {
    it(`refuses ${what}: ${reason}`, () => assert.equal(reasonOf(value, key), reason));
  }

  it('refuses a tombstone as such', () => {
    const decoded = decodeOrder(Buffer.from('o-1'), null);
    assert.ok(!decoded.ok && decoded.reason === 'tombstone');
  });

  it('names the field that is wrong by its JSON Pointer', () => {
    const decoded = decode({ ...today, items: [{ sku: 'a', qty: 0 }] });
    assert.ok(!decoded.ok);
    assert.match(decoded.message, /^\/items\/0\/qty /);
  });
});

it('what is wrong is told by the name that the record has for it', () => {
  const item = { sku: 'a', qty: 1 };
  const { eventId, ...withoutEventId } = today;
  const snake = { event_type: 'OrderPlaced', order_id: 'o-1', items: [{ item_id: 'a', quantity: 1 }], timestamp: today.createdAt };
  const wrong: [value: unknown, field: string][] = [
    [{ ...withoutEventId, orderId: 7 }, '/orderId must be string'],
    [{ ...withoutEventId, orderId: undefined }, '/orderId must be string'],
    [{ ...withoutEventId, orderId: { a: 1 } }, '/orderId must be string'],
    [{ ...today, eventId: 7 }, '/eventId must be string'],
    [{ ...today, items: [item, { ...item, qty: 9007199254740992 }] }, '/items/1/qty must be <= 9007199254740991'],
    [{ ...snake, order_id: 7 }, '/order_id must be string'],
    [{ ...snake, items: [{ item_id: 'a', quantity: 0 }] }, '/items/0/quantity must be >= 1'],
    [{ ...snake, items: [{ item_id: 7, quantity: 1 }] }, '/items/0/item_id must be string'],
    [{ ...snake, user_id: 7 }, '/user_id must be string'],
    [{ ...snake, timestamp: 'today' }, '/timestamp is neither'],
    [{ ...snake, timestamp: 7 }, '/timestamp is neither'],
    [{ ...today, createdAt: 'today' }, '/createdAt is neither'],
  ];
  for (const [value, field] of wrong) {
    const decoded = decode(value);
    assert.ok(!decoded.ok && decoded.reason === 'bad-shape');
    assert.ok(decoded.message.startsWith(field), `${decoded.message}, not ${field}`);
  }
});

it('an id with half a surrogate pair is no text: it has no key, and no event id can be made of it', () => {
  for (const eventId of ['e-1', undefined]) {
    const decoded = decode({ ...today, orderId: 'a\ud800', eventId }, 'a\ud800');
    assert.equal(decoded.ok, false);
    if (eventId) assert.match(decoded.ok ? '' : decoded.message, /half a surrogate pair/);
  }
});
