/** One load test at a time: a burst that is asked for by HTTP. */
import Type, { type Static } from 'typebox';
import { ReplaygroundError } from '../../kafka/errors.ts';
import { problem } from '../service/problem.ts';
import { BurstIncomplete, type BurstOptions, type BurstResult } from './burst.ts';
import { newRunId } from './run-id.ts';

const maxCount = 10_000_000;

export const LoadTestRequest = Type.Object({
  count: Type.Optional(Type.Integer({ minimum: 1, description: `orders to send, at most ${maxCount}`, default: 10_000 })),
  ratePerSec: Type.Optional(Type.Number({ exclusiveMinimum: 0, description: 'orders per second; left out: as fast as it goes' })),
  failRate: Type.Optional(Type.Number({ minimum: 0, maximum: 1, description: 'share of orders that arrive as failed' })),
  seed: Type.Optional(
    Type.Union([Type.String(), Type.Number()], {
      description: 'the same seed gives the same orders, under other ids; left out: by chance',
    }),
  ),
});
export type LoadTestRequest = Static<typeof LoadTestRequest>;

export const LoadTestResult = Type.Object({
  produced: Type.Integer({ description: 'orders that Kafka has acknowledged' }),
  remaining_in_queue: Type.Integer(),
  duration_ms: Type.Number(),
  events_per_sec: Type.Number(),
  run_id: Type.String(),
});

export type LoadTestDependencies = {
  burst: (options: Omit<BurstOptions, 'settings' | 'topic'>) => Promise<BurstResult>;
  defaultFailRate: number;
  onAcknowledged: (count: number) => void;
};

/** @returns a function that runs a load test; its signal stops it early */
export function loadTester({ burst, defaultFailRate, onAcknowledged }: LoadTestDependencies) {
  let running: string | undefined;
  return async (request: LoadTestRequest, signal: AbortSignal): Promise<Static<typeof LoadTestResult>> => {
    const { count = 10_000, ratePerSec, failRate = defaultFailRate } = request;
    if (count > maxCount) {
      const message = `must be at most ${maxCount}`;
      throw problem(422, 'Unprocessable Entity', `/count ${message}: send several load tests`, { errors: [{ path: '/count', message }] });
    }
    if (running)
      throw problem(409, 'Load test running', `load test ${running} is running: wait for its end`, { members: { run_id: running } });
    const runId = newRunId();
    running = runId;
    try {
      const seed = String(request.seed ?? runId);
      const { produced, durationMs, eventsPerSec } = await burst({ count, ratePerSec, failRate, seed, runId, signal });
      onAcknowledged(produced);
      return {
        produced,
        // A burst resolves only when each of its orders is acknowledged.
        remaining_in_queue: count - produced,
        duration_ms: Math.round(durationMs * 1000) / 1000,
        events_per_sec: Math.round(eventsPerSec),
        run_id: runId,
      };
    } catch (error) {
      const delivered = error instanceof BurstIncomplete ? error.delivered : 0;
      onAcknowledged(delivered);
      if (!(error instanceof ReplaygroundError)) throw error;
      const members = { produced: delivered, run_id: runId };
      throw problem(503, 'Load test incomplete', error.message, { headers: { 'retry-after': '1' }, members, cause: error });
    } finally {
      running = undefined;
    }
  };
}
