/** order-service, started in the test's own process with topics of its own. */
import { pino } from 'pino';
import { startOrderService } from '../../src/pipeline/orders/app.ts';
import type { Settings } from '../../src/pipeline/settings/declarations.ts';
import { uniqueName } from './kafka.ts';
import { testSettings } from './settings.ts';
import { until } from './until.ts';

export type Answer = { status: number; headers: Headers; body: Record<string, unknown> };

/**
 * @param changes settings that the test is about
 * @returns the running service and calls to it; disposing of it stops it
 */
export async function runOrderService(changes: Partial<Settings> = {}) {
  const settings = testSettings({ ordersTopic: uniqueName('orders'), inventoryTopic: uniqueName('inventory'), ...changes });
  const service = await startOrderService({ name: 'order-service', settings, logger: pino({ level: 'silent' }) });
  const url = `http://127.0.0.1:${service.port}`;
  const answerOf = async (response: Response): Promise<Answer> => {
    const { status, headers } = response;
    const text = await response.text();
    return { status, headers, body: headers.get('content-type')?.includes('json') ? JSON.parse(text) : { text } };
  };
  const get = async (path: string) => answerOf(await fetch(url + path));
  return {
    topic: settings.ordersTopic,
    url,
    get,
    post: async (path: string, body: unknown, headers: Record<string, string> = {}) =>
      answerOf(
        await fetch(url + path, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body: typeof body === 'string' ? body : JSON.stringify(body),
        }),
      ),
    healthy: () => until(async () => (await get('/health')).status === 200, { what: 'order-service is healthy' }),
    [Symbol.asyncDispose]: () => service.stop(),
  };
}
