import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { Message } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { deadLetterTopic } from '../../../src/kafka/admin/side-topics.ts';
import { clientConfig } from '../../../src/kafka/client/client-config.ts';
import { deadLetterInfo } from '../../../src/kafka/dead-letters/read-letter-headers.ts';
import { readGroup } from '../../../src/kafka/groups/group-state.ts';
import { KafkaInspector } from '../../../src/kafka/groups/inspector.ts';
import { runKafkaTool } from '../../../src/lab/broker/tools.ts';
import { breakBatch, segmentFolder } from '../../support/break-batch.ts';
import { brokers, createTopicNamed, readAll, uniqueName } from '../../support/kafka.ts';
import { orderRecord, produceAll } from '../../support/produce.ts';
import { newPipeline, ServiceProcess } from '../../support/service-process.ts';
import { testSettings } from '../../support/settings.ts';
import { until } from '../../support/until.ts';

type Health = { waiting: { topic: string; partition: number; because: string }[] };

/** @returns the partitions that stand, as soon as the service tells of one */
const standing = (service: ServiceProcess): Promise<Health['waiting']> =>
  until(
    async () => {
      const { waiting } = await service.get<Health>('/health');
      return waiting.length > 0 && waiting;
    },
    { what: 'the partition that stands is told' },
  );

describe('a batch that cannot be opened', () => {
  it('stops its partition alone, is named with the way past it, and can be deleted', async () => {
    using pipeline = await newPipeline();
    const { ordersTopic: topic } = pipeline;
    const sized = (id: string, partition: number) => ({ ...orderRecord(id, { note: 'x'.repeat(500) }), partition });
    for (const partition of [0, 1, 2]) await produceAll(topic, [sized(`a-${partition}`, partition), sized(`b-${partition}`, partition)]);
    await produceAll(topic, [sized('after', 1)]);
    breakBatch(await segmentFolder(topic, 1));
    await using service = await ServiceProcess.start('inventory', pipeline);
    const [waiting] = await standing(service);
    assert.equal(waiting?.partition, 1);
    assert.match(waiting?.because ?? '', /cannot be read at offset 0: .+\. The other partitions go on/);
    using inspector = new KafkaInspector(clientConfig(testSettings(), 'test'));
    const lags = async () =>
      (await readGroup(inspector, pipeline.inventoryGroup, [topic])).partitions.map(({ committed, end }) => (end ?? 0) - (committed ?? 0));
    await until(async () => String(await lags()) === '0,3,0', { what: 'the other partitions are read' });
    const past = { version: 1, partitions: [{ topic, partition: 1, offset: 2 }] };
    mkdirSync(pipeline.home, { recursive: true });
    const file = join(pipeline.home, 'past.json');
    writeFileSync(file, JSON.stringify(past));
    const deleted = await runKafkaTool('delete-records', ['--offset-json-file', file], { brokers: brokers() });
    assert.equal(deleted.exitCode, 0);
    await until(async () => String(await lags()) === '0,0,0', { what: 'the partition goes on behind it' });
    await until(() => service.output.includes('no longer left unread'), { what: 'the end of it is told' });
    assert.equal(service.output.match(/cannot be read at offset 0/g)?.length, 1);
  });

  it('is also one that unpacks to more than the client takes, by its codec; what the client takes is a dead letter', async () => {
    using pipeline = await newPipeline();
    const topic = uniqueName('orders');
    await createTopicNamed(topic, 3, { 'max.message.bytes': '1000000' });
    pipeline.env.ORDERS_TOPIC = topic;
    const large = 'x'.repeat(120_000_000);
    for (const [partition, codec] of (['gzip', 'zstd'] as const).entries()) {
      await produceAll(topic, [{ key: codec, value: large, partition }], codec);
      await produceAll(topic, [{ ...orderRecord(`after-${codec}`), partition }]);
    }
    await using service = await ServiceProcess.start('inventory', pipeline);
    const [letter] = await until(
      async () => {
        assert.equal(service.child.exitCode, null, service.output);
        const letters = await readAll(deadLetterTopic(topic));
        return letters.length > 0 && letters;
      },
      { what: 'the dead letter' },
    );
    assert.equal(deadLetterInfo(letter as Message).cut?.size, large.length);
    const waiting = await standing(service);
    assert.deepEqual(
      waiting.map(({ partition, because }) => [partition, /cannot be read at offset 0: .*The other partitions go on/.test(because)]),
      [[1, true]],
    );
    await until(async () => (await readAll(pipeline.inventoryTopic)).length === 1, { what: 'the order behind the letter is decided' });
  });

  it('among the decisions stops inventory in that partition alone, whose orders wait', async () => {
    using pipeline = await newPipeline();
    const { ordersTopic, inventoryTopic } = pipeline;
    const orders = (name: string) => [0, 1, 2].map((partition) => ({ ...orderRecord(`${name}-${partition}`), partition }));
    await produceAll(ordersTopic, orders('a'));
    {
      await using _first = await ServiceProcess.start('inventory', pipeline);
      await until(async () => (await readAll(inventoryTopic)).length === 3, { what: 'three decisions' });
    }
    rmSync(join(pipeline.home, 'state'), { recursive: true });
    breakBatch(await segmentFolder(inventoryTopic, 1), { flip: 0.5 });
    await produceAll(ordersTopic, orders('b'));
    await using service = await ServiceProcess.start('inventory', pipeline);
    using inspector = new KafkaInspector(clientConfig(testSettings(), 'test'));
    const lags = async () =>
      (await readGroup(inspector, pipeline.inventoryGroup, [ordersTopic])).partitions.map(
        ({ committed, end }) => (end ?? 0) - (committed ?? 0),
      );
    await until(async () => String(await lags()) === '0,1,0', { what: 'the other partitions go on' });
    const { waiting } = await service.get<Health>('/health');
    assert.deepEqual(
      waiting.map(({ topic, partition }) => `${topic}/${partition}`),
      [`${inventoryTopic}/1`],
    );
    assert.equal(service.child.exitCode, null);
    assert.equal(service.output.match(/cannot be read at offset 0/g)?.length, 1);
  });

  it('stops analytics in that partition alone', async () => {
    using pipeline = await newPipeline();
    const { ordersTopic: topic } = pipeline;
    const before = { ...orderRecord('before-1'), partition: 1 };
    await produceAll(topic, [before], 'none');
    for (const partition of [0, 1, 2]) await produceAll(topic, [{ ...orderRecord(`a-${partition}`), partition }], 'none');
    breakBatch(await segmentFolder(topic, 1), { flip: 0.5, batch: 1 });
    await using service = await ServiceProcess.start('analytics', pipeline);
    const waiting = await standing(service);
    assert.deepEqual(
      waiting.map((one) => `${one.topic}/${one.partition}`),
      [`${topic}/1`],
    );
    assert.match(waiting[0]?.because ?? '', /cannot be read at offset 1: .+\. The other partitions go on/);
    await produceAll(
      topic,
      [0, 2].map((partition) => ({ ...orderRecord(`b-${partition}`), partition })),
    );
    type Metrics = { total_orders: number; duplicates_ignored: number; lag: number; position: Record<string, Record<string, number>> };
    const metrics = () => service.get<Metrics>('/metrics');
    await until(async () => (await metrics()).total_orders === 5, { what: 'the other partitions are read' });
    const { lag, position, duplicates_ignored: duplicates } = await metrics();
    assert.deepEqual([lag, duplicates, position[topic]], [1, 0, { 0: 2, 1: 1, 2: 2 }]);
    assert.equal(service.child.exitCode, null);
    assert.equal(service.output.match(/cannot be read at offset 1/g)?.length, 1);
  });

  it('among the dead letters is passed over and told, and stops nobody', async () => {
    using pipeline = await newPipeline();
    const { inventoryTopic } = pipeline;
    const letters = deadLetterTopic(inventoryTopic);
    await createTopicNamed(letters, 1);
    for (const key of ['broken', 'whole']) await produceAll(letters, [{ key, value: 'x'.repeat(100), partition: 0 }], 'none');
    breakBatch(await segmentFolder(letters, 0));
    await produceAll(inventoryTopic, [{ key: 'k', value: 'no event', partition: 0 }]);
    await using service = await ServiceProcess.start('analytics', pipeline);
    await until(async () => (await service.get<{ dead_letters: number }>('/metrics')).dead_letters === 1, { what: 'the record is read' });
    const told = service.output.match(/cannot be read at offset 0: .+ Passed over up to offset 1: .+delete-records/g);
    assert.equal(told?.length, 1, service.output);
    assert.equal(service.child.exitCode, null);
  });
});
