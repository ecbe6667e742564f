/** One record at a time: an order by order-service, as a caller would; a duplicate and a poison record straight into Kafka. */
import { randomInt } from 'node:crypto';
import { ReplaygroundError } from '../../kafka/errors.ts';
import { type Dish, menu } from '../../pipeline/orders/menu.ts';
import { problem } from '../../pipeline/service/problem.ts';
import { pipelineUrls, requirePipeline } from '../client/require-pipeline.ts';
import { orderCommand, recordCommand } from '../commands/write-commands.ts';
import type { Command, RecordRequest, RecordSent } from '../wire/all.ts';
import type { Dashboard } from './dashboard.ts';

const timeoutMs = 10_000;

/** @throws ReplaygroundError `no-record`; HttpProblem that of order-service */
export async function sendOneRecord(
  { worker, marks, system, pipeline, snapshot, terminal }: Dashboard,
  request: RecordRequest,
): Promise<RecordSent> {
  requirePipeline(system, 'a single order');
  const { kind, orderId } = request;
  if (kind === 'order') {
    const { lab } = await snapshot();
    const sent = await placeOrder(pipelineUrls(lab).orders, orderId);
    marks.add('record', pipeline.ordersTopic, `order ${sent.key}`);
    return sent;
  }
  const { key, value, topic, partition, offset } = await worker.run('sendRecord', { kind, orderId });
  marks.add('record', pipeline.ordersTopic, kind === 'poison' ? `poison record ${key}` : `order ${key} again`);
  const command: Command = recordCommand(terminal(), topic, key, value);
  return { kind, key, topic, partition, offset, command };
}

async function placeOrder(ordersUrl: string, orderId: string | undefined): Promise<RecordSent> {
  const { sku, cents } = menu[randomInt(menu.length)] as Dish;
  const body = { ...(orderId !== undefined && { orderId }), userId: 'dashboard', items: [{ sku, qty: 1, price: cents / 100 }] };
  const response = await fetch(`${ordersUrl}/produce`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(timeoutMs),
  }).catch((cause) => {
    throw new ReplaygroundError('kafka-unreachable', 'order-service does not answer: ./lab start order-service', { cause });
  });
  const answer = (await response.json()) as {
    orderId: string;
    topic: string;
    partition: number;
    offset: number;
    title?: string;
    detail?: string;
  };
  if (!response.ok) throw problem(response.status, answer.title ?? 'Refused', answer.detail ?? `order-service answers ${response.status}`);
  const { topic, partition, offset } = answer;
  return { kind: 'order', key: answer.orderId, topic, partition, offset, command: orderCommand(body, ordersUrl) };
}
