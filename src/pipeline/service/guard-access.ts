/** Who may call and change something: keeps out rebound names, pages of other sites, and callers from other machines without the token. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Settings } from '../settings/declarations.ts';
import { type Hosts, isKnownHost } from './known-host.ts';
import { limitAttempts } from './limit-attempts.ts';
import { type HttpProblem, problem } from './problem.ts';
import { holdsToken } from './token.ts';

export type Access = {
  hosts: Hosts;
  /** Asked at each call; none where nobody needs one. */
  tokens: () => readonly string[];
  /** @returns why a changing call is refused, or null; `holds`: it has one of the tokens */
  refuse: (request: FastifyRequest, holds: boolean) => HttpProblem | null;
  /** Per address; undefined for no limit. */
  changesPerMinute?: number;
};

const harmless = new Set(['GET', 'HEAD', 'OPTIONS']);
const loopback = /^(127\.|::1$|::ffff:127\.)/;

/** @returns what a service lets in: whoever is on this machine, or has LAB_TOKEN where there is one */
export function serviceAccess({
  labHost,
  labToken,
  labTrustedNetwork,
}: Pick<Settings, 'labHost' | 'labToken' | 'labTrustedNetwork'>): Access {
  return {
    hosts: { labHost, isTrustedNetwork: labTrustedNetwork === 'yes' },
    tokens: () => (labToken === undefined ? [] : [labToken]),
    refuse: ({ ip }, holds) => {
      if (labToken === undefined || holds || loopback.test(ip)) return null;
      const detail = 'calls from another machine that change something need the header Authorization: Bearer <LAB_TOKEN>';
      return problem(401, 'Unauthorized', detail, { headers: { 'www-authenticate': 'Bearer' } });
    },
  };
}

/** Installs the checks on an app that has no routes yet. */
export async function guardAccess(app: FastifyInstance, access: Access): Promise<void> {
  const limits = await limitAttempts(app, access.changesPerMinute);
  app.addHook('onRequest', async (request) => {
    const { host, authorization } = request.headers;
    const isChange = !harmless.has(request.method);
    const isKnown = isKnownHost(host, access.hosts);
    if (!isChange && isKnown) return;
    const tokens = access.tokens();
    const holds = holdsToken(authorization, tokens);
    if (tokens.length > 0 && authorization !== undefined) await limits.countToken(request, holds);
    if (!isKnown && !holds) {
      throw problem(
        403,
        'Forbidden',
        `the Host of the call, ${host}, is no name of this machine: use its address, or set LAB_HOST to that name; behind a proxy, LAB_ORIGIN to where it serves the page`,
      );
    }
    if (!isChange) return;
    if (['cross-site', 'same-site'].includes(String(request.headers['sec-fetch-site']))) {
      throw problem(403, 'Forbidden', 'a page of another site may not change anything here');
    }
    const why = access.refuse(request, holds);
    if (why) throw why;
    await limits.countChange(request);
  });
}
