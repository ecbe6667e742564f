/** A topic that was configured such that it refuses what the services write: nobody ends of it, and what is not concerned goes on. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { clientConfig } from '../../../src/kafka/client/client-config.ts';
import { readGroup } from '../../../src/kafka/groups/group-state.ts';
import { KafkaInspector } from '../../../src/kafka/groups/inspector.ts';
import { runKafkaTool } from '../../../src/lab/broker/tools.ts';
import { brokers, createTopic, createTopicNamed, readAll } from '../../support/kafka.ts';
import { orderRecord, produceAll } from '../../support/produce.ts';
import { newPipeline, ServiceProcess } from '../../support/service-process.ts';
import { testSettings } from '../../support/settings.ts';
import { until } from '../../support/until.ts';

/** Each letter is tried in several sizes, each by a new producer. */
const deadlineMs = 120_000;

type Health = { waiting: { topic: string; partition: number; offset: number; because: string }[] };

const configure = async (topic: string, setting: string): Promise<void> => {
  const args = ['--alter', '--entity-type', 'topics', '--entity-name', topic, '--add-config', setting];
  assert.equal((await runKafkaTool('configs', args, { brokers: brokers() })).exitCode, 0);
};

async function lagsOf(group: string, topic: string): Promise<string> {
  using inspector = new KafkaInspector(clientConfig(testSettings(), 'test'));
  const { partitions } = await readGroup(inspector, group, [topic]);
  return String(partitions.filter((one) => one.topic === topic).map(({ committed, end }) => (end ?? 0) - (committed ?? 0)));
}

const waits = (service: ServiceProcess): Promise<Health['waiting']> =>
  until(
    async () => {
      assert.equal(service.child.exitCode, null, service.output);
      const { waiting } = await service.get<Health>('/health');
      return waiting.length > 0 && waiting;
    },
    { what: 'what stands is told', deadlineMs },
  ).catch((error: Error) => {
    throw new Error(`${error.message}\n${service.output}`);
  });

describe('a topic that refuses', () => {
  for (const folder of ['inventory', 'analytics'] as const) {
    it(`a dead letter of ${folder}-service holds up the partition of its record alone, until the topic takes it`, async () => {
      using pipeline = await newPipeline();
      const [source, group] =
        folder === 'inventory' ? [pipeline.ordersTopic, pipeline.inventoryGroup] : [pipeline.inventoryTopic, pipeline.analyticsGroup];
      // A compacted topic takes no record without a key.
      await createTopicNamed(`${source}.dlq`, 1, { 'cleanup.policy': 'compact' });
      await produceAll(source, [{ key: null, value: 'nothing that can be read', partition: 1 }]);
      await using service = await ServiceProcess.start(folder, pipeline);
      const [waiting] = await waits(service);
      assert.deepEqual([waiting?.topic, waiting?.partition, waiting?.offset], [source, 1, 0]);
      assert.match(
        waiting?.because ?? '',
        /\.dlq refuses the dead letter of .+\/1 offset 0: .+cleanup\.policy=compact.+ the other partitions go on/,
      );
      for (const partition of [0, 1, 2]) await produceAll(source, [{ ...orderRecord(`o-${partition}`), partition }]);
      await until(async () => (await lagsOf(group, source)) === '0,2,0', { what: 'the other partitions are read', deadlineMs });
      await configure(`${source}.dlq`, 'cleanup.policy=delete');
      await until(async () => (await lagsOf(group, source)) === '0,0,0', { what: 'the partition goes on', deadlineMs });
      assert.ok((await readAll(`${source}.dlq`)).length >= 1);
      assert.deepEqual((await service.get<Health>('/health')).waiting, []);
      const told = service.output.match(/"msg":"[^"]+ refuses the dead letter of.+/g) ?? [];
      assert.ok(told.length > 0);
      assert.equal(new Set(told).size, told.length, 'each cause is told once');
    });
  }

  it('decisions holds up the partitions of their orders, and each is decided once when it takes them', async () => {
    using pipeline = await newPipeline();
    const { ordersTopic, inventoryGroup } = pipeline;
    const inventoryTopic = await createTopic('narrow', 3, { 'max.message.bytes': '100' });
    pipeline.env.INVENTORY_TOPIC = inventoryTopic;
    await produceAll(
      ordersTopic,
      [0, 1, 2].map((partition) => ({ ...orderRecord(`o-${partition}`), partition })),
    );
    await using service = await ServiceProcess.start('inventory', pipeline);
    const [waiting] = await waits(service);
    assert.match(waiting?.because ?? '', /refuses what is written: .+: raise max\.message\.bytes of the topic/);
    await configure(inventoryTopic, 'max.message.bytes=1000000');
    await until(async () => (await lagsOf(inventoryGroup, ordersTopic)) === '0,0,0', {
      what: 'the orders are decided on',
      deadlineMs,
    });
    const decided = (await readAll(inventoryTopic)).map(({ key }) => String(key)).sort();
    assert.deepEqual(decided, ['o-0', 'o-1', 'o-2']);
    assert.equal(service.child.exitCode, null);
  });
});
