/** Sends many generated orders as fast as Kafka takes them, or at a given rate, and counts only what Kafka acknowledged. */
import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import { errorOfCode } from '../../kafka/admin/with-deadline.ts';
import { BatchWriter } from '../../kafka/bridge/batch-writer.ts';
import type { BridgeProducer } from '../../kafka/bridge/bridge-producer.ts';
import { reachProducer } from '../../kafka/bridge/reach.ts';
import type { ConnectionSettings } from '../../kafka/client/client-config.ts';
import { ReplaygroundError } from '../../kafka/errors.ts';
import { dueNow, msUntilDue } from '../../kafka/producer/rate-pacer.ts';
import type { MessagingTelemetry } from '../../kafka/telemetry/messaging.ts';
import { cloudEventText } from '../events/cloud-event-text.ts';
import { type GeneratorOptions, orderGenerator } from './generate-orders.ts';
import { hotIds } from './hot-ids.ts';
import { InFlight } from './in-flight.ts';
import { orderProducerConfig } from './producer-config.ts';
import { partitionsOf } from './topic-state.ts';

export type BurstOptions = {
  settings: ConnectionSettings;
  topic: string;
  count: number;
  ratePerSec?: number | undefined;
  failRate: number;
  seed: string;
  /** Share of the orders that lie in one partition, see `hotIds`; by their plain ids where it is left out. */
  hot?: number | undefined;
  /** See `newRunId`. */
  runId: string;
  /** Called each time another `progressEvery` orders are acknowledged, with how many are. */
  onProgress?: ((acknowledged: number) => void) | undefined;
  progressEvery?: number;
  /** Stops the burst early; what is out already is waited for. */
  signal?: AbortSignal | undefined;
  /** Where given, told of each piece in which orders go out. */
  telemetry?: MessagingTelemetry | undefined;
};

/** `produced` = acknowledged by the broker. Time runs from the first order, made by warm code, to the last acknowledgement. */
export type BurstResult = { runId: string; produced: number; durationMs: number; eventsPerSec: number };

/** Some orders of a burst did not get through; `delivered` of them did. */
export class BurstIncomplete extends ReplaygroundError {
  readonly delivered: number;
  constructor(delivered: number, message: string, cause?: unknown) {
    super('burst-incomplete', message, { cause, retriable: true });
    this.delivered = delivered;
  }
}

type Generated = BurstOptions & Pick<GeneratorOptions, 'idOf'>;

const deliveryTimeoutMs = 30_000;
const silenceMs = deliveryTimeoutMs + 10_000;
/** Enough to keep the client's batches full, few enough to bound memory at any count. */
const maxInFlight = 100_000;
/** Orders that go to the client in one piece, between two turns of the event loop. */
const batchOrders = 500;
const warmUpOrders = 5000;

/**
 * @returns what was measured
 * @throws ReplaygroundError `kafka-unreachable`; BurstIncomplete when an order was not delivered or the signal came
 */
export async function publishBurst(options: BurstOptions): Promise<BurstResult> {
  const { settings, runId, count, signal } = options;
  await using producer = await reachProducer(orderProducerConfig(settings, `burst-${runId}`, deliveryTimeoutMs));
  const partitions = await requireTopic(producer, options.topic);
  const generated = { ...options, idOf: options.hot === undefined ? undefined : hotIds(options.hot, partitions) };
  const inFlight = new InFlight();

  warmUp(generated);
  const startedAt = performance.now();
  await sendAll(producer, inFlight, generated, startedAt);
  const answered = await inFlight.fallTo(0, silenceMs);
  const durationMs = performance.now() - startedAt;

  if (inFlight.acknowledged < count) {
    const { acknowledged, failure } = inFlight;
    const why = signal?.aborted ? 'it was stopped' : (failure?.message ?? (answered ? 'unknown' : `no answer for ${silenceMs} ms`));
    throw new BurstIncomplete(
      acknowledged,
      `${acknowledged} of ${count} orders are in ${options.topic}, the others are not: ${why}`,
      failure,
    );
  }
  return { runId, produced: inFlight.acknowledged, durationMs, eventsPerSec: (inFlight.acknowledged * 1000) / durationMs };
}

/** Makes some orders for nothing, so that a small burst is no measurement of the compiler. */
function warmUp(options: Generated): void {
  const batch = new BatchWriter();
  const orders = orderWriter(options, batch, 0);
  for (let made = 0; made < Math.min(warmUpOrders, options.count); made += batchOrders) {
    batch.clear();
    orders(batchOrders);
  }
}

/** A topic that is missing is told at once, not after the delivery timeout; and the time of finding it is not the burst's. */
async function requireTopic(producer: BridgeProducer, topic: string): Promise<number> {
  const partitions = await partitionsOf(producer, topic);
  if (partitions > 0) return partitions;
  throw new ReplaygroundError('topic-missing', `there is no topic ${topic}: ./lab up makes it`);
}

/** @returns puts so many more orders of the burst into the batch */
function orderWriter(options: Generated, batch: BatchWriter, topic: number): (count: number, traceparent?: string) => void {
  const nextOrder = orderGenerator(options);
  const headersOf = cloudEventText('OrderPlaced', '/replayground/order-service');
  return (count, traceparent) => {
    const createdAt = new Date().toISOString();
    for (let left = count; left > 0; left -= 1) {
      const order = nextOrder(createdAt);
      // Whatever a generated order is made of is ASCII.
      batch.writeAscii(topic, null, order.orderId, JSON.stringify(order), headersOf(order.eventId, createdAt, traceparent));
    }
  };
}

async function sendAll(producer: BridgeProducer, inFlight: InFlight, options: Generated, startedAt: number): Promise<void> {
  const { topic, count, ratePerSec, signal } = options;
  const batch = new BatchWriter();
  const writeOrders = orderWriter(options, batch, producer.topic(topic));
  const report = reporter(inFlight, options);
  while (inFlight.sent < count && inFlight.failed === 0 && !signal?.aborted) {
    const elapsedMs = performance.now() - startedAt;
    const due = dueNow(ratePerSec, elapsedMs, inFlight.sent);
    if (ratePerSec !== undefined && due === 0) {
      await delay(Math.min(1000, msUntilDue(ratePerSec, elapsedMs, inFlight.sent)));
      continue;
    }
    if (inFlight.count >= maxInFlight && !(await inFlight.fallTo(maxInFlight / 2, silenceMs))) break;
    batch.clear();
    const orders = Math.min(batchOrders, count - inFlight.sent, due);
    const sending = options.telemetry?.send(topic);
    writeOrders(orders, sending?.traceparent);
    inFlight.add(orders);
    producer.produce(batch, deliveryTimeoutMs, deliveryTimeoutMs).then(
      ({ refused }) => {
        const failure = refused[0] && errorOfCode('deliver an order', refused[0]);
        if (failure) sending?.failed(failure);
        else sending?.done(orders);
        report(orders - refused.length, refused.length, failure);
      },
      (error) => {
        sending?.failed(error);
        report(0, orders, error);
      },
    );
    await nextTurn();
  }
}

/** @returns counts what became of a batch, and tells of each step of progress that it passes */
function reporter(inFlight: InFlight, { onProgress, progressEvery = 1000 }: BurstOptions): InFlight['report'] {
  let told = 0;
  return (...outcome) => {
    inFlight.report(...outcome);
    for (; onProgress && told + progressEvery <= inFlight.acknowledged; told += progressEvery) onProgress(told + progressEvery);
  };
}
