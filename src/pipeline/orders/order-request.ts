/** What a caller sends to place an order, and the event that becomes of it. */
import Type, { type Static } from 'typebox';
import { Id, type OrderPlaced, orderEventId, Quantity } from '../events/order-placed.ts';

const Item = Type.Object({
  sku: Id,
  qty: Quantity,
  price: Type.Optional(Type.Number({ minimum: 0, description: 'price of one' })),
});

export const OrderRequest = Type.Object({
  orderId: Type.Optional(Type.String({ pattern: '\\S', description: 'left out: one is made; the same id again is decided once' })),
  userId: Type.Optional(Type.String()),
  items: Type.Array(Item, { minItems: 1 }),
});
export type OrderRequest = Static<typeof OrderRequest>;

/**
 * @param request checked against its schema
 * @param orderId the order's id
 * @param createdAt RFC 3339, UTC, with milliseconds
 * @returns the event; the same order id always gives the same event id
 */
export function orderFromRequest({ userId, items }: OrderRequest, orderId: string, createdAt: string): OrderPlaced {
  const total = totalAmount(items);
  return {
    eventId: orderEventId(orderId),
    eventType: 'OrderPlaced',
    orderId,
    ...(userId !== undefined && { userId }),
    items: items.map(({ sku, qty, price }) => (price === undefined ? { sku, qty } : { sku, qty, price })),
    ...(total !== undefined && { totalAmount: total }),
    status: 'placed',
    createdAt,
  };
}

/** @returns the sum in cents precision, undefined where a price is missing; may be Infinity */
function totalAmount(items: OrderRequest['items']): number | undefined {
  let sum = 0;
  for (const { qty, price } of items) {
    if (price === undefined) return undefined;
    sum += qty * price;
  }
  return Math.abs(sum) < Number.MAX_SAFE_INTEGER / 100 ? Math.round(sum * 100) / 100 : sum;
}
