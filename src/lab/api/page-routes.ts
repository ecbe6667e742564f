/** Serves the built page: its own files only, compressed, hashed ones for ever, and nothing that could come from elsewhere. */
import { existsSync, readdirSync } from 'node:fs';
import { extname, join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyReply } from 'fastify';
import Type from 'typebox';
import type { HttpApp } from '../../pipeline/service/http-app.ts';
import { problem } from '../../pipeline/service/problem.ts';
import { compressedEndings } from '../page/compress-files.ts';

/** Scripts and styles from files only; styles on single elements are what charts and layouts set. */
export const contentSecurityPolicy = [
  "default-src 'self'",
  "style-src 'self'",
  "style-src-attr 'unsafe-inline'",
  "img-src 'self' data:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const forEver = 'public, max-age=31536000, immutable';
const notBuilt = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Replayground</title>
<h1>The dashboard is not built</h1>
<p>The lab runs; its API is at <a href="/docs">/docs</a>. <code>./lab up</code> builds the page when its packages are installed;
by hand: <code>./lab node node_modules/vite/bin/vite.js build dashboard</code>. Then load this page again.</p></html>
`;

/** @param folder of the built page; it may come later */
export async function addPageRoutes(app: HttpApp, folder: string): Promise<void> {
  await app.register(fastifyStatic, { root: folder, serve: false, cacheControl: false, preCompressed: true });

  const page = (reply: FastifyReply): FastifyReply => {
    reply.header('content-security-policy', contentSecurityPolicy).header('cache-control', 'no-cache');
    if (!existsSync(join(folder, 'index.html'))) return reply.type('text/html; charset=utf-8').send(notBuilt);
    return reply.sendFile('index.html', folder);
  };
  app.get('/', { schema: { hide: true } }, (_request, reply) => page(reply));

  const params = Type.Object({ file: Type.String() });
  app.get('/assets/:file', { schema: { hide: true, params } }, (request, reply) => {
    const { file } = request.params;
    const assets = join(folder, 'assets');
    const isOurs = existsSync(assets) && readdirSync(assets).includes(file) && !compressedEndings.includes(extname(file));
    if (!isOurs) throw problem(404, 'Not Found', `the page has no file ${file}`);
    return reply.header('cache-control', forEver).sendFile(file, assets);
  });

  for (const name of plainFiles(folder)) {
    app.get(`/${name}`, { schema: { hide: true } }, (_request, reply) => reply.header('cache-control', 'no-cache').sendFile(name, folder));
  }
}

/** Icons and the like, beside the page. */
function plainFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'index.html' && !entry.name.startsWith('.'))
    .map(({ name }) => name);
}
