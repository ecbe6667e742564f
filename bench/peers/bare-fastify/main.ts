/** POST /produce with Fastify and nothing behind it: what HTTP alone costs. */
import fastify from 'fastify';

const app = fastify();
app.get('/health', async () => ({ status: 'ok' }));
app.post('/produce', async () => ({ status: 'published' }));
await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT) });
process.once('SIGTERM', () => void app.close().then(() => process.exit()));
