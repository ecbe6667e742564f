/** Orders by `POST /produce` that go on through any outage: what is not answered by 200 is sent again under the same id, until it is. */
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { dueNow, msUntilDue } from '../../../kafka/producer/rate-pacer.ts';

export type LoadOptions = {
  /** Where order-service listens; asked for each request, since a lab may be started again. */
  url: () => string;
  ratePerSec: number;
  /** Order ids are `<runId>-1`, `<runId>-2`, ... */
  runId: string;
  signal: AbortSignal;
};

export type LoadFigures = {
  /** Orders sent, each once or more often. */
  orders: number;
  /** Orders answered by 200. */
  accepted: number;
  requests: number;
  /** Answers other than 200, by status. */
  refused: Record<string, number>;
  /** Requests without an answer: the connection broke, or none came in time. */
  unanswered: number;
  /** Orders that were sent more than once. */
  sentAgain: number;
};

export type OrderLoad = {
  readonly runId: string;
  figures(): LoadFigures;
  /** Settles when every request that is under way now has its answer, or has none in time. */
  answered(): Promise<void>;
  /** Where the answer to an order, by its number, said that it stands in the log; undefined while it is not accepted. */
  placeOf(number: number): { partition: number; offset: number } | undefined;
  /** Sends no new order, and settles when every one that was sent is accepted. @throws when that is not so in time */
  finish(withinSec: number): Promise<LoadFigures>;
};

/** Orders that wait for their 200 at once: in an outage, new ones wait for the old. */
const mostUnderWay = 500;
/** Longer than order-service waits for Kafka (ms). */
const answerTimeoutMs = 40_000;
/** Where the answer names no time of its own. */
const againAfterMs = 500;

/** Starts at once, in this process. */
export function startOrderLoad({ url, ratePerSec, runId, signal }: LoadOptions): OrderLoad {
  const agent = new Agent({ keepAlive: true, maxSockets: mostUnderWay });
  const stop = new AbortController();
  const over = AbortSignal.any([signal, stop.signal]);
  const refused: Record<string, number> = {};
  const partitions: number[] = [];
  const offsets: number[] = [];
  let orders = 0;
  let accepted = 0;
  let requests = 0;
  let unanswered = 0;
  let sentAgain = 0;
  const underWay = new Set<Promise<unknown>>();

  const place = async (number: number): Promise<void> => {
    const body = JSON.stringify({
      orderId: `${runId}-${number}`,
      userId: `user-${number % 5000}`,
      items: [{ sku: 'burger', qty: 1, price: 5 }],
    });
    for (let tries = 1; !signal.aborted; tries += 1) {
      requests += 1;
      if (tries === 2) sentAgain += 1;
      const asked = post(`${url()}/produce`, body, agent).catch(() => undefined);
      underWay.add(asked);
      const answer = await asked;
      underWay.delete(asked);
      if (answer?.status === 200) {
        const { partition, offset } = JSON.parse(answer.text) as { partition: number; offset: number };
        partitions[number] = partition;
        offsets[number] = offset;
        accepted += 1;
        return;
      }
      if (answer) refused[answer.status] = (refused[answer.status] ?? 0) + 1;
      else unanswered += 1;
      await sleep(answer?.retryAfterMs ?? againAfterMs, undefined, { signal }).catch(() => {});
    }
  };

  const run = async (): Promise<void> => {
    let startedAt = performance.now();
    let sent = 0;
    while (!over.aborted) {
      if (orders - accepted >= mostUnderWay) {
        await sleep(againAfterMs, undefined, { signal: over }).catch(() => {});
        // What could not be sent meanwhile is not made up for: a load, not a backlog.
        startedAt = performance.now();
        sent = 0;
        continue;
      }
      const elapsedMs = performance.now() - startedAt;
      const due = Math.min(dueNow(ratePerSec, elapsedMs, sent), mostUnderWay - (orders - accepted));
      for (let left = due; left > 0; left -= 1) {
        orders += 1;
        sent += 1;
        void place(orders);
      }
      if (due === 0) await sleep(Math.min(1000, msUntilDue(ratePerSec, elapsedMs, sent)), undefined, { signal: over }).catch(() => {});
    }
  };
  const running = run();
  const figures = (): LoadFigures => ({ orders, accepted, requests, refused: { ...refused }, unanswered, sentAgain });

  return {
    runId,
    figures,
    answered: async () => void (await Promise.all(underWay)),
    placeOf: (number) => {
      const [partition, offset] = [partitions[number], offsets[number]];
      return partition === undefined || offset === undefined ? undefined : { partition, offset };
    },
    async finish(withinSec) {
      stop.abort();
      await running;
      const end = Date.now() + withinSec * 1000;
      while (accepted < orders && !signal.aborted) {
        if (Date.now() > end) throw new Error(`${orders - accepted} of ${orders} orders were not accepted within ${withinSec} s`);
        await sleep(100);
      }
      agent.destroy();
      return figures();
    },
  };
}

/** By `node:http`, which asks less of the processor than `fetch`: the lab under test needs it more. */
function post(url: string, body: string, agent: Agent): Promise<{ status: number; text: string; retryAfterMs: number | undefined }> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const sent = request(url, { method: 'POST', agent, headers, timeout: answerTimeoutMs }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const after = response.headers['retry-after'];
        const retryAfterMs = after === undefined ? undefined : Number(after) * 1000;
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString(), retryAfterMs });
      });
    });
    sent.on('timeout', () => sent.destroy(new Error('no answer in time')));
    sent.on('error', reject);
    sent.end(body);
  });
}
