/** Every route with a body, what a valid body is there, and calls that are sent to it. */
import { Agent, request } from 'node:http';
import fc, { type Arbitrary } from 'fast-check';
import { brokenText, hugeString, mutated, weirdToken } from './weird.ts';

export type Call = { path: string; body: Buffer; type: string };
export type Answer = { status: number; type: string; text: string };

/** Raw JSON by field; `required` must never be left out, or the call would do more than a test wants. */
export type Route = { path: string; valid: Record<string, string>; required?: string };

const type = fc.oneof(
  { weight: 20, arbitrary: fc.constant('application/json') },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'text/plain',
      'application/x-www-form-urlencoded',
      'application/json; charset=utf-16',
      'multipart/form-data',
      'x',
    ),
  },
);

/** @returns calls to the routes, mostly near a valid body */
export function callsTo(routes: readonly Route[]): Arbitrary<Call> {
  const body = ({ valid, required }: Route): Arbitrary<Buffer> => {
    const near = mutated(valid).filter((bytes) => required === undefined || bytes.includes(`"${required}":`));
    return fc.oneof(
      { weight: 300, arbitrary: near },
      { weight: 40, arbitrary: brokenText },
      {
        weight: 40,
        arbitrary: weirdToken.filter((text) => required === undefined || !text.startsWith('{')).map((text) => Buffer.from(text)),
      },
      { weight: 1, arbitrary: hugeString.map((text) => Buffer.from(`{"${required ?? 'extra'}":${text}}`)) },
    );
  };
  return fc.constantFrom(...routes).chain((route) => fc.record({ path: fc.constant(route.path), body: body(route), type }));
}

/** Names that stand in a path, and are none that exist. */
export const strangeName: Arbitrary<string> = fc
  .oneof(
    fc.constantFrom(
      '..',
      '../../etc/passwd',
      '%00',
      '; touch x',
      '$(touch x)',
      '`touch x`',
      '__proto__',
      'constructor',
      ' ',
      "'",
      '-',
      '\u202e',
      'a'.repeat(300),
    ),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }),
  )
  .map((name) => encodeURIComponent(name));

/** How long an answer may take before it counts as a stall (ms). */
const stallMs = 30_000;
const agents = new Map<string, Agent>();

/** @param from address of this machine to call from: limits are per address */
export function call(url: string, { path, body, type }: Call, headers: Record<string, string> = {}, from = '127.0.0.1'): Promise<Answer> {
  return send(
    `${url}${path}`,
    { method: 'POST', headers: { ...headers, 'content-type': type, 'content-length': String(body.length) } },
    body,
    from,
  );
}

export const get = (url: string): Promise<Answer> => send(url, { method: 'GET', headers: {} }, undefined, '127.0.0.1');

function send(
  url: string,
  options: { method: string; headers: Record<string, string> },
  body: Buffer | undefined,
  localAddress: string,
): Promise<Answer> {
  const agent = agents.get(localAddress) ?? new Agent({ keepAlive: true, maxSockets: 20 });
  agents.set(localAddress, agent);
  return new Promise((resolve, reject) => {
    const own = localAddress === '127.0.0.1' ? {} : { localAddress };
    const sent = request(url, { ...options, ...own, agent, timeout: stallMs }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          type: String(response.headers['content-type']),
          text: Buffer.concat(chunks).toString(),
        }),
      );
    });
    sent.on('timeout', () => sent.destroy(new Error(`no answer within ${stallMs} ms`)));
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Lets go of the connections. */
export function hangUp(): void {
  for (const agent of agents.values()) agent.destroy();
}
