import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import getPort from 'get-port';
import { clientConfig } from '../../../src/kafka/client/client-config.ts';
import { KafkaInspector } from '../../../src/kafka/groups/inspector.ts';
import { waitDrained } from '../../../src/kafka/groups/wait-drained.ts';
import { fetchMetrics } from '../../../src/order-lab/client/analytics-client.ts';
import type { LabClient } from '../../../src/order-lab/client/lab-client.ts';
import { replayAndCompare } from '../../../src/order-lab/client/replay-and-compare.ts';
import { deleteBefore } from '../../support/kafka.ts';
import { orderRecords, produceAll } from '../../support/produce.ts';
import { newPipeline, ServiceProcess } from '../../support/service-process.ts';
import { testSettings } from '../../support/settings.ts';

/** A lab whose only service is analytics; `beforeStart` runs while it is stopped. */
async function analyticsLab(beforeStart: () => Promise<void>) {
  const port = await getPort();
  const pipeline = await newPipeline({ ANALYTICS_SERVICE_PORT: String(port) });
  await produceAll(pipeline.ordersTopic, orderRecords('o', 500));
  const inventory = await ServiceProcess.start('inventory', pipeline);
  let analytics = await ServiceProcess.start('analytics', pipeline);
  const post = async (path: string): Promise<unknown> => {
    if (path.endsWith('/stop')) await analytics.kill('SIGTERM');
    else {
      await beforeStart();
      analytics = await ServiceProcess.start('analytics', pipeline);
    }
    return {};
  };
  const settings = testSettings({
    ordersTopic: pipeline.ordersTopic,
    inventoryTopic: pipeline.inventoryTopic,
    inventoryGroupId: pipeline.inventoryGroup,
    analyticsGroupId: pipeline.analyticsGroup,
    labHome: pipeline.home,
  });
  const config = clientConfig(settings, 'test');
  const inspector = new KafkaInspector(config);
  const steps: string[] = [];
  return {
    pipeline,
    steps,
    inspector,
    settings,
    url: `http://127.0.0.1:${port}`,
    replay: () =>
      replayAndCompare({
        lab: { post } as unknown as LabClient,
        kafka: { inspector, config },
        settings,
        url: async () => `http://127.0.0.1:${port}`,
        onStep: (text) => steps.push(text),
        onProgress: () => {},
      }),
    [Symbol.asyncDispose]: async () => {
      inspector[Symbol.dispose]();
      await analytics[Symbol.asyncDispose]();
      await inventory[Symbol.asyncDispose]();
      pipeline[Symbol.dispose]();
    },
  };
}

describe('./lab replay', () => {
  it('reads everything again and finds the same numbers', async () => {
    await using lab = await analyticsLab(async () => {});
    const { identical, firstDifference, before, after, offsetsRead } = await lab.replay();
    assert.equal(identical, true);
    assert.equal(firstDifference, undefined);
    assert.equal(before.total_orders, 500);
    assert.equal(after.total_reservations, 500);
    assert.equal(after.digest, before.digest);
    assert.ok(offsetsRead >= 1000, `${offsetsRead} offsets`);
    assert.deepEqual(lab.steps.slice(1), [
      'stopping analytics-service',
      `taking ${lab.settings.ordersTopic} and ${lab.settings.inventoryTopic} back to the beginning`,
      'starting analytics-service',
      'reading again',
    ]);
    // A log that lost its beginning proves nothing of what it held there, also when the view is what is left of it.
    await deleteBefore(lab.pipeline.ordersTopic, 0, 10);
    await lab.replay();
    const fewer = await lab.replay();
    assert.deepEqual([fewer.identical, fewer.firstDifference?.field, fewer.after.digest], [false, 'log', fewer.before.digest]);
  });

  it('compares nothing when orders arrive meanwhile', async () => {
    await using lab = await analyticsLab(async () => {
      await produceAll(lab.pipeline.ordersTopic, orderRecords('late', 10));
    });
    await assert.rejects(lab.replay(), { code: 'orders-arriving' });
    const groups = [{ group: lab.settings.analyticsGroupId, topics: [lab.pipeline.ordersTopic] }];
    await waitDrained(lab.inspector, groups, { stalledAfterMs: 20_000 });
    assert.equal((await fetchMetrics(lab.url)).total_orders, 510);
  });
});
