/** Makes every error of an HTTP app a problem+json answer: wrong bodies, unknown routes, wrong methods, broken HTTP, our own failures. */
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify';
import { allowedMethods } from './allowed-methods.ts';
import { HttpProblem, type ProblemExtra, problemBody, problemContentType } from './problem.ts';
import { plainAnswerHeaders } from './security-headers.ts';
import { RequestInvalid } from './validate-request.ts';

const titleOf = (status: number): string => STATUS_CODES[status] ?? 'Error';

/** Installs the handlers on an app that has no routes yet. */
export function answerProblems(app: FastifyInstance): void {
  const routes = new Map<string, Set<string>>();
  app.addHook('onRoute', ({ url, method }) => {
    const known = routes.get(url) ?? new Set();
    for (const one of [method].flat()) known.add(one);
    routes.set(url, known);
  });

  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '/';
    const allow = allowedMethods(routes, path);
    if (allow.length === 0) return send(reply, 404, titleOf(404), `there is nothing at ${path}: see /docs`);
    return send(reply, 405, titleOf(405), `${path} answers to ${allow.join(', ')}`, { headers: { allow: allow.join(', ') } });
  });

  app.setErrorHandler((error: FastifyError | HttpProblem | RequestInvalid, request, reply) => {
    if (error instanceof HttpProblem) return send(reply, error.statusCode, error.title, error.message, error.extra);
    if (error instanceof RequestInvalid) {
      const detail = error.fields.map(({ path, message }) => `${path || 'the body'} ${message}`).join('; ');
      return send(reply, 400, titleOf(400), detail, { errors: error.fields });
    }
    const status = (error as FastifyError).statusCode ?? 500;
    if (status === 415)
      return send(reply, status, titleOf(status), 'the body must be JSON, with the header content-type: application/json');
    if (status < 500) return send(reply, status, titleOf(status), error.message);
    request.log.error({ err: error }, 'a request failed');
    return send(reply, status, titleOf(status), 'this is a fault of the service: its log has the details');
  });
}

function send(reply: FastifyReply, status: number, title: string, detail: string, extra: ProblemExtra = {}): FastifyReply {
  // Straight to bytes: the route's response schema must not drop members of a problem.
  return reply
    .code(status)
    .headers(extra.headers ?? {})
    .type(problemContentType)
    .serializer((body: unknown) => JSON.stringify(body))
    .send(problemBody(status, title, detail, extra));
}

/**
 * Answers what Node's HTTP parser refuses, before there is a request: broken HTTP, too large headers, a request that never ends.
 * @param error what the parser says
 * @param socket still open for writing, or already gone
 */
export function answerBrokenHttp(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const status = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 }[error.code ?? ''] ?? 400;
  const body = JSON.stringify(problemBody(status, titleOf(status), error.message));
  const headers = {
    'Content-Type': problemContentType,
    'Content-Length': Buffer.byteLength(body),
    Connection: 'close',
    ...plainAnswerHeaders,
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${titleOf(status)}\r\n${lines.join('')}\r\n${body}`);
}
