/** Records that nobody can read, each with the reason that its dead letter must give. */
import type { PlainRecord } from '../../src/order-lab/scenario/lab-steps.ts';

export type Poison = { what: string; reason: string; key: string | null; value: string | Buffer | null };

const order = (orderId: string, changes: object = {}): string =>
  JSON.stringify({
    eventId: `event-${orderId}`,
    eventType: 'OrderPlaced',
    orderId,
    items: [{ sku: 'burger', qty: 1 }],
    createdAt: '2026-11-20T12:00:00Z',
    ...changes,
  });

/** @param run goes into every key, so that each run finds its own */
export const poisonOf = (run: string): Poison[] => [
  { what: 'garbage', reason: 'bad-json', key: `${run}-garbage`, value: 'this is no JSON' },
  { what: 'half an order', reason: 'bad-json', key: `${run}-half`, value: order(`${run}-half`).slice(0, 60) },
  { what: 'bytes that are no UTF-8', reason: 'bad-utf8', key: `${run}-bytes`, value: Buffer.from([0xff, 0xfe, 0x00, 0x80]) },
  { what: 'an empty value', reason: 'empty', key: `${run}-empty`, value: '' },
  { what: 'a tombstone', reason: 'tombstone', key: `${run}-tombstone`, value: null },
  { what: 'an order without a key', reason: 'missing-key', key: null, value: order(`${run}-no-key`) },
  { what: 'an order under another key', reason: 'key-mismatch', key: `${run}-other-key`, value: order(`${run}-wrong-key`) },
  { what: 'a quantity of 0', reason: 'bad-shape', key: `${run}-zero`, value: order(`${run}-zero`, { items: [{ sku: 'burger', qty: 0 }] }) },
  {
    what: 'an event of another type',
    reason: 'unknown-type',
    key: `${run}-type`,
    value: order(`${run}-type`, { eventType: 'OrderEaten' }),
  },
  { what: 'a list', reason: 'bad-shape', key: `${run}-list`, value: '[1, 2, 3]' },
];

/** @returns the record that is sent; a topic has three partitions, and poison goes to all of them */
export const recordOf = ({ key, value }: Poison, index: number): PlainRecord => ({ key, value, partition: index % 3 });

/** @returns the bytes that must stand in the dead-letter topic */
export const bytesOf = ({ value }: Poison): Buffer | null => (typeof value === 'string' ? Buffer.from(value) : value);
