/** Answers 429 to whoever guesses tokens, and to whoever changes things faster than a person or a script of one has reason to. */
import fastifyRateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type HttpProblem, problem } from './problem.ts';

/** Wrong tokens per address and minute; after that, not even the right one counts until the minute is over. */
const wrongTokens = 10;
const windowMs = 60_000;
/** Addresses that are remembered. */
const mostAddresses = 5000;

export type Limits = {
  /** Counts a changing call. @throws HttpProblem 429 */
  countChange(request: FastifyRequest): Promise<void>;
  /** @param holds whether the token was right; a wrong one is counted. @throws HttpProblem 429 */
  countToken(request: FastifyRequest, holds: boolean): Promise<void>;
};

/** @param changesPerMinute per address; unlimited where it is undefined: a burst by HTTP is what the services are for */
export async function limitAttempts(app: FastifyInstance, changesPerMinute: number | undefined): Promise<Limits> {
  await app.register(fastifyRateLimit, { global: false, cache: mostAddresses });
  const keyGenerator = (request: FastifyRequest): string => request.ip;
  const changes = app.createRateLimit({ max: changesPerMinute ?? 0, timeWindow: windowMs, keyGenerator });
  const wrong = app.createRateLimit({ max: wrongTokens, timeWindow: windowMs, keyGenerator });
  /** Until when (ms since 1970) an address is turned away. */
  const turnedAway = new Map<string, number>();

  return {
    async countChange(request) {
      if (changesPerMinute === undefined) return;
      const count = await changes(request);
      if (!count.isAllowed && count.isExceeded) throw tooMany(`more than ${changesPerMinute} changes in a minute`, count.ttlInSeconds);
    },
    async countToken(request, holds) {
      const leftMs = (turnedAway.get(request.ip) ?? 0) - Date.now();
      if (leftMs > 0) throw tooMany('too many wrong tokens', Math.ceil(leftMs / 1000));
      turnedAway.delete(request.ip);
      if (holds) return;
      const count = await wrong(request);
      if (count.isAllowed || !count.isExceeded) return;
      if (turnedAway.size < mostAddresses) turnedAway.set(request.ip, Date.now() + count.ttl);
      throw tooMany('too many wrong tokens', count.ttlInSeconds);
    },
  };
}

const tooMany = (why: string, waitSeconds: number): HttpProblem =>
  problem(429, 'Too Many Requests', `${why}: wait ${waitSeconds} s`, { headers: { 'retry-after': String(waitSeconds) } });
