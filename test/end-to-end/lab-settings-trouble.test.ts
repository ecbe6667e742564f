/** What may befall `lab-settings`, where settings and notes stand: a batch that breaks, a limit that refuses, a hand that deletes it. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { labSettingsTopic } from '../../src/kafka/admin/side-topics.ts';
import { clientConfig } from '../../src/kafka/client/client-config.ts';
import { type Broker, startBroker } from '../../src/lab/broker/start.ts';
import { runKafkaTool } from '../../src/lab/broker/tools.ts';
import { publishRuntimeSettings, type RuntimeSettings } from '../../src/pipeline/settings/runtime-settings.ts';
import { KeptAlive } from '../storms/support/kept-alive.ts';
import { breakBatch, segmentFolder } from '../support/break-batch.ts';
import { deleteTopic, readAll } from '../support/kafka.ts';
import { orderRecords, produceAll } from '../support/produce.ts';
import { newPipeline, type Pipeline, ServiceProcess } from '../support/service-process.ts';
import { testSettings } from '../support/settings.ts';
import { until } from '../support/until.ts';

const decides = async ({ ordersTopic, inventoryTopic }: Pipeline, orders: number) => {
  await produceAll(ordersTopic, orderRecords('o', orders));
  await until(async () => (await readAll(inventoryTopic)).length === orders, { what: 'all is decided' });
};
const config = () => clientConfig(testSettings({ kafkaBrokers: process.env.KAFKA_BROKERS }), 'trouble-test');
const throttleOf = async (service: ServiceProcess) => (await service.get<{ settings: RuntimeSettings }>('/health')).settings.throttleMs;
const configure = async (change: string, setting: string) => {
  const where = ['--alter', '--entity-type', 'topics', '--entity-name', labSettingsTopic];
  const { exitCode, stderr } = await runKafkaTool('configs', [...where, change, setting], { brokers: process.env.KAFKA_BROKERS ?? '' });
  assert.equal(exitCode, 0, stderr);
};

describe('trouble with lab-settings', () => {
  const home = mkdtempSync(join(tmpdir(), 'replayground-trouble-'));
  const { KAFKA_BROKERS } = process.env;
  let kafka: Broker;
  before(async () => {
    // Its topic of settings is harmed, so it is one of its own.
    kafka = await startBroker({ home, port: 0 });
    process.env.KAFKA_BROKERS = kafka.brokers;
  });
  after(async () => {
    process.env.KAFKA_BROKERS = KAFKA_BROKERS;
    await kafka?.stop();
    rmSync(home, { recursive: true, force: true });
  });

  it('the note with how many partitions a log was begun is in a batch that broke: that is said, with what it costs, and the service decides', async () => {
    using pipeline = await newPipeline();
    {
      await using _first = await ServiceProcess.start('inventory', pipeline);
    }
    breakBatch(await segmentFolder(labSettingsTopic, 0));
    await using second = await ServiceProcess.start('inventory', pipeline);
    const lost = `with how many partitions ${pipeline.ordersTopic} was begun may have stood in lab-settings/0, offsets 0 to 0, which cannot be read`;
    assert.ok(second.output.includes(lost), second.output);
    assert.match(second.output, /orders may be decided twice until both topics are made anew/);
    await decides(pipeline, 20);
  });

  it('it refuses a note: the setting that decides it is named, and the service decides', async () => {
    await configure('--add-config', 'max.message.bytes=80');
    using pipeline = await newPipeline();
    await using service = await ServiceProcess.start('inventory', pipeline);
    assert.match(service.output, /max\.message\.bytes/);
    assert.ok(service.output.includes(`With how many partitions ${pipeline.ordersTopic} was begun stands nowhere then`), service.output);
    await decides(pipeline, 20);
    await configure('--delete-config', 'max.message.bytes');
  });

  it('it is deleted: the service says so, makes it again, and follows what is set in it', async () => {
    using pipeline = await newPipeline();
    await using service = await KeptAlive.start('inventory', pipeline);
    const first = service.current;
    await deleteTopic(labSettingsTopic);
    await until(() => service.lives > 1, { what: 'a new life begins' });
    assert.match(first.output, /"code":"topic-gone","msg":"topic lab-settings is gone: starting again, which makes it"/);
    await publishRuntimeSettings(config(), 'inventory-service', { throttleMs: 1 });
    await until(async () => (await throttleOf(service.current)) === 1, { what: 'the new life follows the settings' });
    await publishRuntimeSettings(config(), 'inventory-service', null);
    await decides(pipeline, 20);
  });
});
