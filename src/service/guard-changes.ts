/** Keeps web pages of other sites, and callers from other machines without the token, from changing anything. */
import { timingSafeEqual } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { problem } from './problem.ts';

const harmless = new Set(['GET', 'HEAD', 'OPTIONS']);
const loopback = /^(127\.|::1$|::ffff:127\.)/;

/**
 * @param app refuses with 403 what a browser sends for another site (Fetch metadata), with 401 what comes from another machine
 *   without `Authorization: Bearer <token>`
 * @param token LAB_TOKEN; without one the service listens on loopback only, or in a network that is trusted
 */
export function guardChanges(app: FastifyInstance, token: string | undefined): void {
  app.addHook('onRequest', async (request) => {
    if (harmless.has(request.method)) return;
    if (['cross-site', 'same-site'].includes(String(request.headers['sec-fetch-site']))) {
      throw problem(403, 'Forbidden', 'a page of another site may not change anything here');
    }
    if (token === undefined || loopback.test(request.ip)) return;
    if (!sameText(request.headers.authorization ?? '', `Bearer ${token}`)) {
      throw problem(
        401,
        'Unauthorized',
        'calls from another machine that change something need the header Authorization: Bearer <LAB_TOKEN>',
        {
          headers: { 'www-authenticate': 'Bearer' },
        },
      );
    }
  });
}

function sameText(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}
