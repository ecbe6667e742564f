/** Places orders by HTTP at a fixed rate, whether or not answers come in time: a slow answer delays no other order (open loop). */
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { ReplaygroundError } from '../src/kafka/errors.ts';
import { dueNow, msUntilDue } from '../src/kafka/producer/rate-pacer.ts';

/** Where an order stands in the log, and when it was sent and answered (`performance.now()`). */
export type AcceptedOrder = { partition: number; offset: number; sentAtMs: number; acceptedAtMs: number };

const body = JSON.stringify({ userId: 'user-4711', items: [{ sku: 'ramen', qty: 1, price: 10.95 }] });

/**
 * @param url of order-service
 * @returns every order, when all are answered
 * @throws ReplaygroundError `bench-refused` when an order was not taken
 */
export async function sendOrders(url: string, { ratePerSec, seconds }: { ratePerSec: number; seconds: number }): Promise<AcceptedOrder[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  const count = Math.round(ratePerSec * seconds);
  const answers: Promise<AcceptedOrder>[] = [];
  const startedAtMs = performance.now();
  try {
    while (answers.length < count) {
      const elapsedMs = performance.now() - startedAtMs;
      const due = Math.min(dueNow(ratePerSec, elapsedMs, answers.length), count - answers.length);
      for (let left = due; left > 0; left -= 1) answers.push(place(`${url}/produce`, agent));
      await sleep(msUntilDue(ratePerSec, performance.now() - startedAtMs, answers.length));
    }
    return await Promise.all(answers);
  } finally {
    agent.destroy();
  }
}

function place(url: string, agent: Agent): Promise<AcceptedOrder> {
  const sentAtMs = performance.now();
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  const placed = new Promise<AcceptedOrder>((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent, headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (chunk: string) => {
        text += chunk;
      });
      answer.once('error', reject);
      answer.once('end', () => {
        const acceptedAtMs = performance.now();
        if (answer.statusCode !== 200)
          return reject(new ReplaygroundError('bench-refused', `POST /produce answered ${answer.statusCode}: ${text}`));
        const { partition, offset } = JSON.parse(text) as { partition: number; offset: number };
        resolve({ partition, offset, sentAtMs, acceptedAtMs });
      });
    });
    sent.once('error', reject);
    sent.end(body);
  });
  placed.catch(() => {});
  return placed;
}
