/** Orders of a given size: as many items as it takes. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { errorOfCode } from '../../src/kafka/admin/with-deadline.ts';
import { BatchWriter } from '../../src/kafka/bridge/batch-writer.ts';
import { reachProducer } from '../../src/kafka/bridge/reach.ts';
import { ReplaygroundError } from '../../src/kafka/errors.ts';
import { cloudEventPairs } from '../../src/pipeline/events/cloud-events.ts';
import { encodeOrder, type OrderPlaced } from '../../src/pipeline/events/order-placed.ts';
import { orderGenerator } from '../../src/pipeline/orders/generate-orders.ts';
import { InFlight } from '../../src/pipeline/orders/in-flight.ts';
import { orderProducerConfig } from '../../src/pipeline/orders/producer-config.ts';
import { readSettings } from '../../src/pipeline/settings/read-settings.ts';

const silenceMs = 60_000;
/** Bounds what waits in the client (bytes). */
const maxBytesInFlight = 32e6;
const chunkSize = 100;

/** @returns an order of about `bytes`, at least as large as the generator made it */
export function grown(order: OrderPlaced, bytes: number): OrderPlaced {
  const [item] = order.items;
  if (!item) return order;
  const more = Math.max(0, Math.round((bytes - encodeOrder(order).length) / (JSON.stringify(item).length + 1)));
  return { ...order, items: [...order.items, ...Array.from({ length: more }, () => item)] };
}

/**
 * @param bytes of each order's JSON, about
 * @returns until the broker had all of them (s), and their mean size
 */
export async function sendSized(brokers: string, topic: string, count: number, bytes: number): Promise<{ sec: number; meanBytes: number }> {
  await using producer = await reachProducer(orderProducerConfig(readSettings({ KAFKA_BROKERS: brokers }), 'bench-sized', silenceMs));
  const inFlight = new InFlight();
  const batch = new BatchWriter();
  const nextOrder = orderGenerator({ seed: 'bench', runId: `sized-${bytes}`, failRate: 0 });
  const most = Math.ceil(maxBytesInFlight / bytes);
  const startedAtMs = performance.now();
  let written = 0;
  while (inFlight.sent < count) {
    if (inFlight.count >= most) await inFlight.fallTo(most / 2, silenceMs);
    const createdAt = new Date().toISOString();
    const orders = Math.min(chunkSize, count - inFlight.sent);
    batch.clear();
    for (let left = orders; left > 0; left -= 1) {
      const order = grown(nextOrder(createdAt), bytes);
      const value = encodeOrder(order);
      written += value.length;
      const headers = cloudEventPairs(order, '/replayground/order-service');
      batch.write({ topic: producer.topic(topic), partition: null, key: order.orderId, value, headers });
    }
    inFlight.add(orders);
    producer.produce(batch, silenceMs, silenceMs).then(
      ({ refused }) => inFlight.report(orders - refused.length, refused.length, refused[0] && errorOfCode('deliver an order', refused[0])),
      (error) => inFlight.report(0, orders, error),
    );
    await nextTurn();
  }
  await inFlight.fallTo(0, silenceMs);
  if (inFlight.acknowledged !== count) {
    throw new ReplaygroundError('bench-wrong-count', `${inFlight.acknowledged} of ${count} orders are in ${topic}`, {
      cause: inFlight.failure,
    });
  }
  return { sec: (performance.now() - startedAtMs) / 1000, meanBytes: written / count };
}
