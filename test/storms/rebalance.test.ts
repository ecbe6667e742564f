/** Partitions change hands, and old orders come again: whoever decides now knows what others decided before. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { orderRecords, produceAll } from '../support/produce.ts';
import { newPipeline, ServiceProcess } from '../support/service-process.ts';
import { until } from '../support/until.ts';
import { balanced, checkAnalytics } from './support/books.ts';

const orders = 150;

test('1, 3, 1, 5, 2 instances, one after the other: every old order that comes again is known to its new owner', async () => {
  using pipeline = await newPipeline();
  const running: ServiceProcess[] = [];
  try {
    let sent = 0;
    for (const [round, count] of [1, 3, 1, 5, 2].entries()) {
      // All that were ever sent, and new ones, while the group changes.
      for (let earlier = 0; earlier <= round; earlier += 1) await produceAll(pipeline.ordersTopic, orderRecords(`o${earlier}`, orders));
      sent += orders;
      const starts = Array.from({ length: Math.max(0, count - running.length) }, (_, index) =>
        ServiceProcess.start('inventory', pipeline, running.length + index + 1),
      );
      running.push(...(await Promise.all(starts)));
      const surplus = running.splice(count);
      const ends = await Promise.all(surplus.map((service) => service.kill('SIGTERM')));
      for (const [index, { code }] of ends.entries()) assert.equal(code, 0, `a stop is clean: ${surplus[index]?.output.slice(-800)}`);
      await until(async () => (await partitionsOwned(running)) === 3, {
        what: `${count} instances own all partitions`,
      });
      await balanced(pipeline, sent);
    }
    await checkAnalytics(pipeline, await balanced(pipeline, sent));
  } finally {
    await Promise.all(running.map((service) => service[Symbol.asyncDispose]()));
  }
});

async function partitionsOwned(services: readonly ServiceProcess[]): Promise<number> {
  const healths = await Promise.all(services.map((service) => service.get<{ partitions: number[] }>('/health')));
  return new Set(healths.flatMap(({ partitions }) => partitions)).size;
}
