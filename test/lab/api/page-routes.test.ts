import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { pino } from 'pino';
import { addPageRoutes } from '../../../src/lab/api/page-routes.ts';
import { compressFiles } from '../../../src/lab/page/compress-files.ts';
import { buildHttpApp, type HttpApp } from '../../../src/pipeline/service/http-app.ts';

const script = `/* ${'words that repeat '.repeat(400)} */`;
const folder = mkdtempSync(join(tmpdir(), 'page-'));
let app: HttpApp;

before(async () => {
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>page</title>');
  writeFileSync(join(folder, 'assets', 'index-abc.js'), script);
  writeFileSync(join(folder, 'assets', 'small-abc.css'), 'a{}');
  await compressFiles(join(folder, 'assets'));
  const health = async () => ({ healthy: true, body: { status: 'ok' } });
  app = await buildHttpApp({ title: 'page', description: '', version: '1', logger: pino({ level: 'silent' }), health });
  await addPageRoutes(app, folder);
});
after(async () => {
  await app.close();
  rmSync(folder, { recursive: true });
});

const get = (url: string, encoding = '') => app.inject({ url, headers: { host: '127.0.0.1', 'accept-encoding': encoding } });

test('a script comes compressed as the browser likes it best, for ever, under its own type', async () => {
  const best = await get('/assets/index-abc.js', 'gzip, deflate, br');
  assert.equal(best.headers['content-encoding'], 'br');
  assert.equal(brotliDecompressSync(best.rawPayload).toString(), script);
  assert.match(String(best.headers['content-type']), /javascript/);
  assert.equal(best.headers['cache-control'], 'public, max-age=31536000, immutable');
  assert.equal(best.headers.vary, 'accept-encoding');
  const older = await get('/assets/index-abc.js', 'gzip');
  assert.equal(gunzipSync(older.rawPayload).toString(), script);
});

test('a browser that takes nothing compressed, and a file that is not worth it, get the bytes as they are', async () => {
  const plain = await get('/assets/index-abc.js');
  assert.deepEqual([plain.headers['content-encoding'], plain.body], [undefined, script]);
  const small = await get('/assets/small-abc.css', 'br');
  assert.deepEqual([small.headers['content-encoding'], small.body], [undefined, 'a{}']);
});

test('the page itself is asked for each time', async () => {
  const page = await get('/', 'br');
  assert.deepEqual([page.statusCode, page.headers['cache-control']], [200, 'no-cache']);
});

test('nothing else of the folder is to be had', async () => {
  for (const path of ['/assets/index-abc.js.br', '/assets/..%2findex.html', '/assets/', '/.sources']) {
    assert.equal((await get(path)).statusCode, 404, path);
  }
});
