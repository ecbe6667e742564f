/** The HTTP app that every service starts from: strict JSON, problem+json errors, OpenAPI, browsable docs, health. */
import { isUtf8 } from 'node:buffer';
import fastifySwagger from '@fastify/swagger';
import fastifySwaggerUi from '@fastify/swagger-ui';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyReply, LogController } from 'fastify';
import type { Logger } from 'pino';
import Type from 'typebox';
import { ReplaygroundError } from '../../kafka/errors.ts';
import type { HttpTelemetry } from '../telemetry/telemetry.ts';
import { answerBrokenHttp, answerProblems } from './answer-problems.ts';
import { type Access, guardAccess, serviceAccess } from './guard-access.ts';
import { readLabFile } from './lab-file.ts';
import { portOwner } from './port-owner.ts';
import { problem, problemBody, problemContentType } from './problem.ts';
import { nothingAllowed, plainAnswerHeaders, securityHeaders } from './security-headers.ts';
import { tellRequests } from './tell-requests.ts';
import { validatorCompiler } from './validate-request.ts';

/** `body` should hold `status: 'ok'` or what is wrong, and the parts: `kafka: 'up'`. */
export type HealthReport = { healthy: boolean; body: Record<string, unknown> };

export type HttpAppOptions = {
  title: string;
  description: string;
  version: string;
  logger: Logger;
  health: () => HealthReport | Promise<HealthReport>;
  /** Who may call: this machine alone, where nothing is said. */
  access?: Access;
  /** The contract of its topics, served at `/asyncapi.json` and linked from `/docs`. */
  contract?: object;
  /** Told of each request but those of probes and scrapes. */
  telemetry?: HttpTelemetry | undefined;
};

/** Where the AsyncAPI document is served, if there is one. */
const contractPath = '/asyncapi.json';

export type HttpApp = Awaited<ReturnType<typeof buildHttpApp>>;

const maxBodyBytes = 1024 * 1024;
const maxHeaderBytes = 16 * 1024;
const headersTimeoutMs = 15_000;
const closeGraceMs = 3000;

const thisMachineAlone = serviceAccess({ labHost: '127.0.0.1', labToken: undefined, labTrustedNetwork: 'no' });

/**
 * @returns an app without routes of its own but `/health`, `/docs`, `/openapi.json` and, with a contract, `/asyncapi.json`; add routes, then `listen`
 */
export async function buildHttpApp(options: HttpAppOptions) {
  const { title, description, version, logger, health, access = thisMachineAlone, contract } = options;
  const app = Fastify({
    // Not that it listens: `runService` says so.
    loggerInstance: logger.child({}, { level: logger.level === 'info' ? 'warn' : logger.level }) as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: maxBodyBytes,
    http: { maxHeaderSize: maxHeaderBytes, headersTimeout: headersTimeoutMs },
    requestTimeout: 30_000,
    keepAliveTimeout: 30_000,
    // Requests under way are answered first, but not for longer than `closeGraceMs`.
    forceCloseConnections: 'idle',
    onProtoPoisoning: 'remove',
    onConstructorPoisoning: 'remove',
    clientErrorHandler: answerBrokenHttp,
    frameworkErrors: (error, _request, reply) => {
      const status = error.statusCode ?? 400;
      const body = JSON.stringify(problemBody(status, 'Bad Request', error.message));
      return (reply as FastifyReply).code(status).headers(plainAnswerHeaders).header('content-type', problemContentType).send(body);
    },
  }).withTypeProvider<TypeBoxTypeProvider>();

  app.addHook('preClose', async () => {
    setTimeout(() => app.server.closeAllConnections(), closeGraceMs).unref();
  });
  if (options.telemetry) tellRequests(app, options.telemetry);
  answerProblems(app);
  await guardAccess(app, access);
  readStrictJson(app);
  app.setValidatorCompiler(validatorCompiler as Parameters<typeof app.setValidatorCompiler>[0]);
  app.addHook('onSend', async (request, reply) => {
    reply.headers(securityHeaders);
    // What is a page says itself what it needs.
    if (!reply.hasHeader('content-security-policy')) reply.header('content-security-policy', nothingAllowed);
    // A page's files may say otherwise.
    if (!request.url.startsWith('/docs') && !reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
  });

  const openapi = { openapi: '3.1.0', info: { title, description, version } };
  const externalDocs = { description: 'The topics and events, as an AsyncAPI document', url: contractPath };
  await app.register(fastifySwagger, { openapi: contract ? { ...openapi, externalDocs } : openapi });
  await app.register(fastifySwaggerUi, { routePrefix: '/docs', staticCSP: true });
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());
  if (contract) app.get(contractPath, { schema: { hide: true } }, async () => contract);
  const healthSchema = Type.Object({ status: Type.String() }, { additionalProperties: true });
  const schema = { summary: 'Whether the service works', response: { 200: healthSchema, 503: healthSchema } };
  app.get('/health', { schema }, async (_request, reply) => {
    const { healthy, body } = await health();
    if (!healthy) reply.header('retry-after', '1');
    return reply.code(healthy ? 200 : 503).send(body as { status: string });
  });
  return app;
}

/** Only JSON in UTF-8 comes in; an empty body is no body. Keys that would change a prototype are dropped. */
function readStrictJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('remove', 'remove');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    if (body.length === 0) return done(null, undefined);
    if (!isUtf8(body)) return done(problem(400, 'Bad Request', 'the body is not UTF-8'));
    parse(request, body.toString('utf8'), (error, value) => {
      done(error ? problem(400, 'Bad Request', 'the body is not JSON', { errors: [{ path: '', message: 'is not JSON' }] }) : null, value);
    });
  });
}

/**
 * @param app what to serve
 * @param at `port` 0 takes any free one; `variable` names the setting to change when the port is taken; by `home`, its LAB_HOME, a lab's own services are told
 * @returns the port it got
 * @throws ReplaygroundError `port-taken`
 */
export async function listen(
  app: Pick<HttpApp, 'listen' | 'server'>,
  at: { host: string; port: number; variable: string; home?: string },
): Promise<number> {
  try {
    await app.listen({ host: at.host, port: at.port });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error;
    const why = code === 'EACCES' ? 'may not be used by this user: set' : await takenBy(at);
    throw new ReplaygroundError('port-taken', `port ${at.port} on ${at.host} ${why} ${at.variable} to a free port, 0 for any`, {
      cause: error,
    });
  }
  const address = app.server.address();
  return typeof address === 'object' && address !== null ? address.port : at.port;
}

async function takenBy({ host, port, home }: { host: string; port: number; home?: string }): Promise<string> {
  const own = home === undefined ? undefined : readLabFile(home)?.ports;
  const owner = await portOwner(host, port, own === undefined ? [] : Object.values(own));
  if (!owner.startsWith('this lab')) return `is taken by ${owner}: end that program, or set`;
  const service = port === own?.orders ? 'order-service' : 'analytics-service';
  const burst = port === own?.orders ? 'send a burst with MODE=burst, which needs no port; ' : '';
  return `is taken by ${owner}: ${burst}end it by ./lab stop ${service}, or set`;
}
