import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { pino } from 'pino';
import Type from 'typebox';
import { type Access, serviceAccess } from '../../../src/pipeline/service/guard-access.ts';
import { buildHttpApp, type HttpApp, listen } from '../../../src/pipeline/service/http-app.ts';
import { problem } from '../../../src/pipeline/service/problem.ts';

const Body = Type.Object({ count: Type.Integer({ minimum: 1 }), name: Type.Optional(Type.String()) });
let app: HttpApp;
let port: number;
let healthy = true;

const build = (access?: Partial<Access>) =>
  buildHttpApp({
    title: 'test',
    description: 'an app for tests',
    version: '1.0.0',
    logger: pino({ level: 'silent' }),
    health: () => ({ healthy, body: { status: healthy ? 'ok' : 'Kafka is away', kafka: healthy ? 'up' : 'down' } }),
    access: { ...serviceAccess({ labHost: '127.0.0.1', labToken: undefined, labTrustedNetwork: 'no' }), ...access },
  });

before(async () => {
  app = await build();
  app.post('/things', { schema: { body: Body } }, async (request) => ({ got: request.body }));
  app.get('/broken', async () => {
    throw new Error('secret detail');
  });
  app.get('/busy', async () => {
    throw problem(503, 'Kafka is away', 'try again', { headers: { 'retry-after': '1' }, members: { orderId: 'o-1' } });
  });
  port = await listen(app, { host: '127.0.0.1', port: 0, variable: 'TEST_PORT' });
});
after(() => app.close());

const post = (body: string | Buffer, type = 'application/json') =>
  app.inject({ method: 'POST', url: '/things', headers: { 'content-type': type }, payload: body });

const withToken = (labToken: string): Access => serviceAccess({ labHost: '0.0.0.0', labToken, labTrustedNetwork: 'no' });

/** What a client gets for bytes that no HTTP library would send. */
async function raw(bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.end(bytes);
  return text(socket);
}

for (const [name, body, path] of [
  ['text where a number belongs', '{"count":"10"}', '/count'],
  ['a number beyond all numbers', '{"count":1e309}', '/count'],
  ['a fraction', '{"count":1.5}', '/count'],
  ['a missing field', '{}', '/count'],
  ['a number where text belongs', '{"count":1,"name":7}', '/name'],
  ['null', 'null', ''],
  ['a list', '[]', ''],
  ['no body', '', ''],
  ['no JSON', '{"count":', ''],
] as const) {
  test(`${name} is answered 400, naming the field`, async () => {
    const answer = await post(body);
    assert.equal(answer.statusCode, 400);
    assert.match(String(answer.headers['content-type']), /^application\/problem\+json/);
    const { type, title, status, detail, errors } = answer.json();
    assert.deepEqual({ type, title, status }, { type: 'about:blank', title: 'Bad Request', status: 400 });
    assert.ok(detail.length > 0);
    assert.equal(errors[0].path, path);
  });
}

test('bytes that are no UTF-8 are answered 400', async () => {
  assert.equal((await post(Buffer.from([0x7b, 0xff, 0x7d]))).statusCode, 400);
});

test('keys that would change a prototype change nothing', async () => {
  const answer = await post('{"count":1,"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}');
  assert.equal(answer.statusCode, 200);
  assert.deepEqual(answer.json(), { got: { count: 1 } });
  assert.equal(({} as { polluted?: number }).polluted, undefined);
});

test('a body of 2 MB is answered 413, another content type 415', async () => {
  assert.equal((await post(`{"count":1,"name":"${'a'.repeat(2_000_000)}"}`)).json().status, 413);
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml']) {
    const { status, detail } = (await post('a=b', type)).json();
    assert.deepEqual([status, detail], [415, 'the body must be JSON, with the header content-type: application/json']);
  }
});

test('an unknown route is answered 404, a wrong method 405 with Allow', async () => {
  assert.equal((await app.inject('/nothing')).json().status, 404);
  const answer = await app.inject({ method: 'DELETE', url: '/things?x=1' });
  assert.deepEqual([answer.json().status, answer.headers.allow], [405, 'POST']);
  assert.equal((await app.inject({ method: 'PUT', url: '/health' })).headers.allow, 'GET, HEAD');
});

test('a broken path, broken HTTP and too large headers are answered as problems', async () => {
  assert.equal((await app.inject('/%zz')).json().status, 400);
  assert.match(await raw('GET /health HTTP/1.1\r\nHost: a\r\nContent-Length: abc\r\n\r\n'), /^HTTP\/1.1 400 .*"status":400/s);
  assert.match(await raw('NONSENSE\r\n\r\n'), /^HTTP\/1.1 400 .*problem\+json/s);
  assert.match(await raw(`GET /health HTTP/1.1\r\nHost: a\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`), /^HTTP\/1.1 431 .*"status":431/s);
});

test('a fault of the service is answered 500 without its details', async () => {
  const answer = await app.inject('/broken');
  assert.equal(answer.json().status, 500);
  assert.doesNotMatch(answer.body, /secret/);
});

test('a problem carries its own title, headers and members', async () => {
  const answer = await app.inject('/busy');
  assert.equal(answer.headers['retry-after'], '1');
  const wanted = {
    orderId: 'o-1',
    type: 'urn:replayground:problem:kafka-is-away',
    title: 'Kafka is away',
    status: 503,
    detail: 'try again',
  };
  assert.deepEqual(answer.json(), wanted);
});

test('health is 200 or 503 with what is wrong', async () => {
  assert.equal((await app.inject('/health')).statusCode, 200);
  healthy = false;
  const answer = await app.inject('/health');
  healthy = true;
  assert.deepEqual(
    [answer.statusCode, answer.headers['retry-after'], answer.json()],
    [503, '1', { status: 'Kafka is away', kafka: 'down' }],
  );
});

test('the API is described at /openapi.json and browsable at /docs', async () => {
  const description = (await app.inject('/openapi.json')).json();
  assert.equal(description.openapi, '3.1.0');
  assert.deepEqual(Object.keys(description.paths).sort(), ['/broken', '/busy', '/health', '/things']);
  const docs = await fetch(`http://127.0.0.1:${port}/docs`);
  assert.equal(docs.status, 200);
  assert.match(await docs.text(), /swagger-ui/);
});

test('a page of another site may not change anything, but read', async () => {
  const headers = { 'sec-fetch-site': 'cross-site', 'content-type': 'application/json' };
  assert.equal((await app.inject({ method: 'POST', url: '/things', headers, payload: '{"count":1}' })).json().status, 403);
  assert.equal((await app.inject({ url: '/health', headers })).statusCode, 200);
});

test('another machine needs the token to change anything', async () => {
  await using guarded = await build(withToken('s3cret'));
  guarded.post('/change', async () => ({}));
  const change = (remoteAddress: string, authorization = '') =>
    guarded.inject({ method: 'POST', url: '/change', remoteAddress, headers: { authorization } });
  assert.equal((await change('127.0.0.1')).statusCode, 200);
  assert.equal((await change('10.0.0.7')).statusCode, 401);
  assert.equal((await change('10.0.0.7', 'Bearer wrong')).statusCode, 401);
  assert.equal((await change('10.0.0.7', 'Bearer s3cret')).statusCode, 200);
  assert.equal((await guarded.inject({ url: '/health', remoteAddress: '10.0.0.7' })).statusCode, 200);
});

test('a name that is none of this machine is refused, for reading too, but not with the token', async () => {
  await using guarded = await build(withToken('s3cret'));
  const get = (host: string, authorization?: string) =>
    guarded.inject({ url: '/health', headers: { host, ...(authorization && { authorization }) } });
  for (const host of ['127.0.0.1:8000', 'localhost', '[::1]:8000', '192.168.1.7:8000'])
    assert.equal((await get(host)).statusCode, 200, host);
  for (const host of ['evil.example', 'localhost.evil.example:8000', '127.0.0.1.evil.example']) {
    assert.equal((await get(host)).statusCode, 403, host);
    assert.equal((await get(host, 'Bearer wrong')).statusCode, 403, host);
    assert.equal((await get(host, 'Bearer s3cret')).statusCode, 200, host);
  }
});

test('who guesses tokens is turned away for a minute, with the right one too; others are not', async () => {
  await using guarded = await build(withToken('s3cret'));
  guarded.post('/change', async () => ({}));
  const change = (remoteAddress: string, authorization: string) =>
    guarded.inject({ method: 'POST', url: '/change', remoteAddress, headers: { authorization } });
  for (let guess = 0; guess < 10; guess += 1) assert.equal((await change('10.0.0.7', `Bearer ${guess}`)).statusCode, 401);
  for (const token of ['wrong', 's3cret']) {
    const answer = await change('10.0.0.7', `Bearer ${token}`);
    assert.deepEqual([answer.statusCode, answer.json().title], [429, 'Too Many Requests']);
    assert.match(String(answer.headers['retry-after']), /^\d+$/);
  }
  assert.equal((await change('10.0.0.8', 'Bearer s3cret')).statusCode, 200);
});

test('changes are limited where the app says so, reading never', async () => {
  await using limited = await build({ changesPerMinute: 3 });
  limited.post('/change', async () => ({}));
  const change = () => limited.inject({ method: 'POST', url: '/change' });
  for (let time = 0; time < 3; time += 1) assert.equal((await change()).statusCode, 200);
  const answer = await change();
  assert.equal(answer.statusCode, 429);
  assert.match(String(answer.headers['content-type']), /problem\+json/);
  assert.ok(Number(answer.headers['retry-after']) > 0);
  assert.equal((await limited.inject('/health')).statusCode, 200);
});

test('every answer carries the security headers and a policy', async () => {
  for (const url of ['/health', '/nothing', '/broken', '/%zz', '/docs', '/docs/static/index.html', '/openapi.json']) {
    const { headers } = await app.inject(url);
    assert.equal(headers['x-content-type-options'], 'nosniff', url);
    assert.equal(headers['x-frame-options'], 'DENY', url);
    assert.match(String(headers['content-security-policy']), /default-src '(none|self)'/, url);
    assert.equal(headers['access-control-allow-origin'], undefined, url);
  }
  assert.match(await raw('NONSENSE\r\n\r\n'), /content-security-policy: default-src 'none'/);
});

test('a port that is taken is refused with the variable to change', async () => {
  await using second = await build();
  await assert.rejects(listen(second, { host: '127.0.0.1', port, variable: 'TEST_PORT' }), { code: 'port-taken', message: /TEST_PORT/ });
});
