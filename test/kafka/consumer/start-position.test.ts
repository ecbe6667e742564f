import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { clientConfig } from '../../../src/kafka/client/client-config.ts';
import { readGroup } from '../../../src/kafka/groups/group-state.ts';
import { KafkaInspector } from '../../../src/kafka/groups/inspector.ts';
import { orderRecords, produceAll } from '../../support/produce.ts';
import { newPipeline, ServiceProcess } from '../../support/service-process.ts';
import { testSettings } from '../../support/settings.ts';
import { until } from '../../support/until.ts';

/** A record a minute: nothing but the start position is committed meanwhile. */
const slowly = { CONSUMER_THROTTLE_MS: '60000', ANALYTICS_THROTTLE_MS: '60000' };

describe('the position where a group begins', () => {
  for (const folder of ['inventory', 'analytics'] as const) {
    it(`is committed as soon as ${folder} owns a partition, so that every tool shows its lag`, async () => {
      using pipeline = await newPipeline(slowly);
      await produceAll(pipeline.ordersTopic, orderRecords('o', 60));
      await using _service = await ServiceProcess.start(folder, pipeline);
      using inspector = new KafkaInspector(clientConfig(testSettings(), 'test'));
      const group = folder === 'inventory' ? pipeline.inventoryGroup : pipeline.analyticsGroup;
      const topics = folder === 'inventory' ? [pipeline.ordersTopic] : [pipeline.ordersTopic, pipeline.inventoryTopic];
      const isCommitted = async () => {
        const { partitions } = await readGroup(inspector, group, topics);
        return partitions.every(({ committed }) => committed !== undefined) && partitions;
      };
      const partitions = await until(isCommitted, { what: 'every partition has a commit' });
      assert.equal(partitions.length, 3 * topics.length);
      assert.deepEqual(new Set(partitions.map(({ committed }) => committed)), new Set([0]));
    });
  }
});
