/** Places one order: answers only when Kafka has it, and says clearly when it may not. */
import { randomUUID } from 'node:crypto';
import { kafkaErrorCode } from '../../kafka/admin/with-deadline.ts';
import type { Sending } from '../../kafka/telemetry/messaging.ts';
import { cloudEventPairs } from '../events/cloud-events.ts';
import { encodeOrder } from '../events/order-placed.ts';
import { problem } from '../service/problem.ts';
import type { Delivery, OrderPublisher } from './order-publisher.ts';
import { type OrderRequest, orderFromRequest } from './order-request.ts';

export type PlacedOrder = { status: 'published'; eventId: string; orderId: string } & Delivery;

type Publisher = Pick<OrderPublisher, 'publish' | 'state' | 'why' | 'inFlight'>;

/** More than this many orders wait for Kafka: callers are told to slow down. */
const maxInFlight = 10_000;
const messageTooLarge = 10;
/** W3C Trace Context, section 3.2.2; anything else is left out, as it says there. */
const traceContext = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}/;

/**
 * @param request checked against its schema
 * @param publisher the way into Kafka
 * @param context time of the order; `traceparent` of the request, if any; `send`: where given, told of the send of this order
 * @returns the order's place in the log
 * @throws HttpProblem 400, 413, 422, 429, or 503 that carries the order id, so that the caller can send the order again under it
 */
export async function placeOrder(
  request: OrderRequest,
  publisher: Publisher,
  context: { now: Date; traceparent?: string | undefined; send?: ((orderId: string) => Sending) | undefined },
): Promise<PlacedOrder> {
  const orderId = request.orderId ?? randomUUID();
  if (!orderId.isWellFormed()) {
    const errors = [{ path: '/orderId', message: 'holds half a surrogate pair, which is no text' }];
    throw problem(400, 'Bad Request', '/orderId holds half a surrogate pair, which is no text', { errors });
  }
  const again = { headers: { 'retry-after': '1' }, members: { orderId } };
  if (publisher.state !== 'up') throw problem(503, 'Kafka is away', `the order was not taken: ${publisher.why}`, again);
  if (publisher.inFlight >= maxInFlight) {
    throw problem(429, 'Too Many Requests', `${maxInFlight} orders wait for Kafka already: send this one again`, again);
  }
  const order = orderFromRequest(request, orderId, context.now.toISOString());
  if (order.totalAmount === Number.POSITIVE_INFINITY) {
    throw problem(422, 'Unprocessable Entity', 'the sum of the prices is too large for a number', {
      errors: [{ path: '/items', message: 'sum is too large' }],
    });
  }
  const ofRequest = context.traceparent && traceContext.test(context.traceparent) ? context.traceparent : undefined;
  const sending = context.send?.(orderId);
  const traceparent = sending?.traceparent ?? ofRequest;
  const record = { key: orderId, value: encodeOrder(order), headers: cloudEventPairs(order, '/replayground/order-service', traceparent) };
  try {
    const { topic, partition, offset } = await publisher.publish(record);
    sending?.done(1, { partition, offset });
    return { status: 'published', eventId: order.eventId, orderId, topic, partition, offset };
  } catch (error) {
    sending?.failed(error);
    if (kafkaErrorCode(error) === messageTooLarge) {
      throw problem(413, 'Payload Too Large', `the order takes ${record.value.length} bytes, more than a record may have`);
    }
    const detail = `Kafka did not confirm the order, it may be in or not: send it again with this orderId, it is decided once (${(error as Error).message})`;
    throw problem(503, 'Order not confirmed', detail, { ...again, cause: error });
  }
}
