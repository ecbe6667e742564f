/** Sends many generated orders as fast as Kafka takes them, or at a given rate, and counts only what Kafka acknowledged. */
import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import type { Producer } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { ReplaygroundError } from '../errors.ts';
import { cloudEventHeaders } from '../events/cloud-events.ts';
import { encodeOrder } from '../events/order-placed.ts';
import { kafkaError } from '../kafka/ask.ts';
import type { ConnectionSettings } from '../kafka/client-config.ts';
import { connectProducer } from '../kafka/connect.ts';
import { orderGenerator } from './generate-orders.ts';
import { InFlight } from './in-flight.ts';
import { orderProducerConfig } from './producer-config.ts';
import { dueNow, msUntilDue } from './rate-pacer.ts';
import { topicState } from './topic-state.ts';

export type BurstOptions = {
  settings: ConnectionSettings;
  topic: string;
  count: number;
  ratePerSec?: number | undefined;
  failRate: number;
  seed: string;
  runId: string;
  /** Called each time another `progressEvery` orders are acknowledged, with how many are. */
  onProgress?: ((acknowledged: number) => void) | undefined;
  progressEvery?: number;
  /** Stops the burst early; what is out already is waited for. */
  signal?: AbortSignal | undefined;
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

const deliveryTimeoutMs = 30_000;
const silenceMs = deliveryTimeoutMs + 10_000;
/** Enough to keep the client's batches full, few enough to bound memory at any count. */
const maxInFlight = 100_000;
/** Orders made between two turns of the event loop. */
const chunkSize = 500;
const warmUpOrders = 5000;

/**
 * @returns what was measured
 * @throws ReplaygroundError `kafka-unreachable`; BurstIncomplete when an order was not delivered or the signal came
 */
export async function publishBurst(options: BurstOptions): Promise<BurstResult> {
  const { settings, runId, count, signal } = options;
  await using connected = await connectProducer(orderProducerConfig(settings, `burst-${runId}`, deliveryTimeoutMs));
  await requireTopic(connected.client, options.topic);
  const inFlight = new InFlight();
  countReports(connected.client, inFlight, options);
  // Reports are taken on a thread of the client, so that no turn of the event loop is spent on asking for them.
  connected.client.setPollInBackground(true);

  warmUp(options);
  const startedAt = performance.now();
  const refusal = await sendAll(connected.client, inFlight, options, startedAt);
  const answered = await inFlight.fallTo(0, silenceMs);
  const durationMs = performance.now() - startedAt;

  if (inFlight.acknowledged < count) {
    const { acknowledged } = inFlight;
    const failure = refusal ?? inFlight.failure;
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
function warmUp(options: BurstOptions): void {
  const nextOrder = orderGenerator(options);
  const createdAt = new Date().toISOString();
  for (let made = 0; made < Math.min(warmUpOrders, options.count); made += 1) {
    const order = nextOrder(createdAt);
    cloudEventHeaders(order, '/replayground/order-service');
    encodeOrder(order);
  }
}

/** A topic that is missing is told at once, not after the delivery timeout; and the time of finding it is not the burst's. */
async function requireTopic(client: Producer, topic: string): Promise<void> {
  if ((await topicState(client, topic)) === 'up') return;
  throw new ReplaygroundError('topic-missing', `there is no topic ${topic}: ./lab up makes it`);
}

function countReports(client: Producer, inFlight: InFlight, { onProgress, progressEvery = 1000 }: BurstOptions): void {
  client.on('delivery-report', (error) => {
    inFlight.report(error ? kafkaError('deliver an order', error) : undefined);
    if (!error && onProgress && inFlight.acknowledged % progressEvery === 0) onProgress(inFlight.acknowledged);
  });
}

/** @returns why not all were sent, if so */
async function sendAll(client: Producer, inFlight: InFlight, options: BurstOptions, startedAt: number): Promise<Error | undefined> {
  const { topic, count, ratePerSec, signal } = options;
  const nextOrder = orderGenerator(options);
  while (inFlight.sent < count && inFlight.failed === 0 && !signal?.aborted) {
    const elapsedMs = performance.now() - startedAt;
    const due = dueNow(ratePerSec, elapsedMs, inFlight.sent);
    if (ratePerSec !== undefined && due === 0) {
      await delay(Math.min(1000, msUntilDue(ratePerSec, elapsedMs, inFlight.sent)));
      continue;
    }
    if (inFlight.count >= maxInFlight && !(await inFlight.fallTo(maxInFlight / 2, silenceMs))) break;
    const createdAt = new Date().toISOString();
    try {
      for (let left = Math.min(chunkSize, count - inFlight.sent, due); left > 0; left -= 1) {
        const order = nextOrder(createdAt);
        const headers = cloudEventHeaders(order, '/replayground/order-service');
        client.produce(topic, null, encodeOrder(order), order.orderId, null, undefined, headers);
        inFlight.add();
      }
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
    await nextTurn();
  }
  return undefined;
}
