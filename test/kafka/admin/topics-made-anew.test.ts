import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Metrics } from '../../../src/pipeline/analytics/metrics.ts';
import { KeptAlive } from '../../storms/support/kept-alive.ts';
import { createTopicNamed, deleteTopic, readAll } from '../../support/kafka.ts';
import { orderRecords, produceAll } from '../../support/produce.ts';
import { newPipeline, type Pipeline } from '../../support/service-process.ts';
import { until } from '../../support/until.ts';

/** Deletes a topic and makes it again as soon as the name is free. */
async function makeAnew(topic: string): Promise<void> {
  await deleteTopic(topic);
  await until(() => createTopicNamed(topic).then(() => true), { what: `${topic} is there again` });
}

const decidedIds = async ({ inventoryTopic }: Pipeline) => (await readAll(inventoryTopic)).map(({ key }) => String(key));

describe('a topic that is deleted and made anew while all run', { concurrency: true }, () => {
  it('at once: the new log is read from its beginning, and the view is of that log alone', async () => {
    using pipeline = await newPipeline();
    await using inventory = await KeptAlive.start('inventory', pipeline);
    await using analytics = await KeptAlive.start('analytics', pipeline);
    const seen = (orders: number) =>
      until(
        async () => {
          const now = await analytics.current.get<Metrics>('/metrics');
          return now.total_orders === orders && now.lag === 0;
        },
        { what: `analytics counts ${orders} orders` },
      );
    await produceAll(pipeline.ordersTopic, orderRecords('old', 300));
    await until(async () => (await decidedIds(pipeline)).length === 300, { what: 'the old orders are decided' });
    await seen(300);

    const [before, viewBefore] = [inventory.current, analytics.current];
    await makeAnew(pipeline.ordersTopic);
    // More than the old log had: its positions lie within the new one.
    await produceAll(pipeline.ordersTopic, orderRecords('new', 3000));
    await until(
      async () => {
        const ids = await decidedIds(pipeline);
        return ids.length === 3300 && new Set(ids).size === 3300;
      },
      { what: 'every order of the new log is decided, once' },
    );
    await seen(3000);
    for (const life of [before, viewBefore]) assert.match(life.output, /topic-made-anew.*topic orders-\w+ was made anew/);
  });

  it('some time later: nothing ends and nothing is made meanwhile, health says what is missing', async () => {
    using pipeline = await newPipeline();
    await using inventory = await KeptAlive.start('inventory', pipeline);
    await produceAll(pipeline.ordersTopic, orderRecords('old', 30));
    await until(async () => (await decidedIds(pipeline)).length === 30, { what: 'the old orders are decided' });
    const before = inventory.current;
    await deleteTopic(pipeline.ordersTopic);
    const status = async () => (await before.get<{ status: string }>('/health')).status;
    await until(async () => /^topic orders-\w+ is gone/.test(await status()), { what: 'health says that the topic is gone' });
    assert.equal(inventory.lives, 1);
    await createTopicNamed(pipeline.ordersTopic);
    await produceAll(pipeline.ordersTopic, orderRecords('new', 30));
    await until(async () => (await decidedIds(pipeline)).length === 60, { what: 'the new orders are decided' });
    assert.match(before.output, /topic-made-anew/);
  });

  it('the topic of the decisions: every order is decided again, into the new log', async () => {
    using pipeline = await newPipeline();
    await using inventory = await KeptAlive.start('inventory', pipeline);
    await produceAll(pipeline.ordersTopic, orderRecords('o', 300));
    await until(async () => (await decidedIds(pipeline)).length === 300, { what: 'all is decided' });
    await makeAnew(pipeline.inventoryTopic);
    await until(() => inventory.lives > 1, { what: 'inventory begins a new life' });
    await until(async () => new Set(await decidedIds(pipeline)).size === 300, { what: 'all is decided again' });
    assert.equal((await decidedIds(pipeline)).length, 300);
  });

  for (const folder of ['inventory', 'analytics'] as const) {
    it(`the dead-letter topic of ${folder}-service, once it is gone: it says so, and makes it again`, async () => {
      using pipeline = await newPipeline();
      await using service = await KeptAlive.start(folder, pipeline);
      const source = folder === 'inventory' ? pipeline.ordersTopic : pipeline.inventoryTopic;
      const first = service.current;
      // A life that is still beginning reads that topic, and would end for want of it before it looks whether it is there.
      const held = async () => {
        const { partitions } = await first.get<{ partitions: number | number[] }>('/health');
        return Array.isArray(partitions) ? partitions.length : partitions;
      };
      await until(held, { what: 'it has partitions' });
      await deleteTopic(`${source}.dlq`);
      await until(() => service.lives > 1, { what: 'it begins a new life' });
      assert.match(first.output, new RegExp(`"code":"topic-gone","msg":"topic ${source}.dlq is gone: starting again, which makes it"`));
      await produceAll(source, [{ key: 'k', value: 'nothing that can be read' }]);
      await until(async () => (await readAll(`${source}.dlq`)).length === 1, { what: 'the letter is written' });
    });
  }
});
