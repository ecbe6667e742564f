/** notification-service on real Kafka: told at least once whatever dies, repeats counted, dead letters by the broker, and its verbs. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { clientConfig } from '../../src/kafka/client/client-config.ts';
import { KafkaInspector } from '../../src/kafka/groups/inspector.ts';
import { describeShareOffsets } from '../../src/lab/broker/share-groups.ts';
import { type NotificationBooks, readNotifications, startsOf } from '../../src/order-lab/ledger/notifications.ts';
import { encodeInventoryEvent, inventoryEvent } from '../../src/pipeline/events/inventory-event.ts';
import { readSettings } from '../../src/pipeline/settings/read-settings.ts';
import { publishRuntimeSettings } from '../../src/pipeline/settings/runtime-settings.ts';
import { readAll } from '../support/kafka.ts';
import { produceAll } from '../support/produce.ts';
import { type Cli, newCli } from '../support/run-cli.ts';
import { newPipeline, type Pipeline, ServiceProcess } from '../support/service-process.ts';
import { until } from '../support/until.ts';

const createdAt = '2026-01-01T00:00:00.000Z';

/** Decisions as inventory-service writes them. */
async function decide(topic: string, prefix: string, count: number): Promise<void> {
  for (let start = 0; start < count; start += 20) {
    const records = Array.from({ length: Math.min(20, count - start) }, (_, i) => {
      const orderId = `${prefix}-${start + i}`;
      const order = {
        eventId: orderId,
        eventType: 'OrderPlaced',
        orderId,
        items: [{ sku: 's', qty: 1 }],
        status: 'placed',
        createdAt,
      } as never;
      return {
        key: orderId,
        value: encodeInventoryEvent(inventoryEvent(order, 'InventoryReserved', { topic: 'orders', partition: 0, offset: 0 })),
      };
    });
    await produceAll(topic, records);
  }
}

describe('notification-service', () => {
  let pipeline: Pipeline;
  let inspector: KafkaInspector;
  let cli: Cli;
  const workers: ServiceProcess[] = [];
  const settings = () => readSettings(pipeline.env);
  const start = async (instance: number): Promise<ServiceProcess> => {
    const worker = await ServiceProcess.start('notifications', pipeline, instance);
    workers.push(worker);
    return worker;
  };
  const alive = (): ServiceProcess[] => workers.filter(({ child }) => child.exitCode === null && child.signalCode === null);
  const books = async (): Promise<NotificationBooks> => {
    const startOffsets = startsOf(await describeShareOffsets(settings(), pipeline.notificationGroup), pipeline.inventoryTopic);
    const topics = { inventory: pipeline.inventoryTopic, notifications: pipeline.notificationsTopic };
    const found = await readNotifications({ inspector, config: clientConfig(settings(), 'test'), topics, startOffsets });
    assert.ok(found);
    return found;
  };
  const done = (decisions: number): Promise<NotificationBooks> =>
    until(
      async () => {
        const now = await books();
        return now.decisions === decisions && now.waiting === 0 && now;
      },
      { what: `${decisions} decisions are told or rejected` },
    );

  /** Every worker goes by it afterwards: one that did not yet would have failed five times before the next line. */
  const setFailRate = async (failRate: number): Promise<void> => {
    await publishRuntimeSettings(clientConfig(settings(), 'test'), 'notification-service', { failRate, rejectRate: 0 });
    const goesByIt = async (worker: ServiceProcess): Promise<boolean> =>
      (await worker.get<{ settings: { failRate: number } }>('/health')).settings.failRate === failRate;
    await until(async () => (await Promise.all(alive().map(goesByIt))).every(Boolean), { what: `all workers go by ${failRate}` });
  };

  before(async () => {
    pipeline = await newPipeline({ NOTIFICATION_FAIL_RATE: '0.1', NOTIFICATION_REJECT_RATE: '0.02', NOTIFICATION_THROTTLE_MS: '2' });
    inspector = new KafkaInspector(clientConfig(settings(), 'test'));
    cli = newCli(pipeline.env as Record<string, string>);
  });
  after(async () => {
    for (const worker of workers) await worker[Symbol.asyncDispose]();
    inspector[Symbol.dispose]();
    cli[Symbol.dispose]();
    pipeline[Symbol.dispose]();
  });

  it('leaves nobody untold though workers are killed and frozen, and counts who was told again', async () => {
    const [first, second] = await Promise.all([start(1), start(2), start(3), start(4)]);
    await decide(pipeline.inventoryTopic, 'a', 400);
    await until(async () => (await readAll(pipeline.notificationsTopic)).length > 40, { what: 'the first are told' });
    await first?.kill('SIGKILL');
    second?.child.kill('SIGSTOP');
    await decide(pipeline.inventoryTopic, 'b', 400);
    await start(5);
    const found = await done(800);
    second?.child.kill('SIGCONT');
    assert.equal(found.never, 0);
    assert.equal(found.toldOnce + found.toldAgain + found.rejected, 800);
    assert.ok(found.rejected > 0 && found.rejected < 60, `${found.rejected} rejected`);
    const figures = await Promise.all(alive().map((worker) => worker.get<{ figures: { redelivered: number } }>('/health')));
    assert.ok(
      figures.some((one) => one.figures.redelivered > 0),
      'some were delivered again',
    );
    const [told] = await readAll(pipeline.notificationsTopic);
    const event = JSON.parse(String(told?.value));
    assert.equal(event.eventType, 'CustomerNotified');
    assert.equal(event.source.topic, pipeline.inventoryTopic);
  });

  it('shows its group in lag: what is left, its members, its state', async () => {
    const { notificationGroup: group } = pipeline;
    const lag = await cli.run('lag', group);
    assert.equal(lag.exitCode, 0, lag.stderr);
    assert.match(lag.stdout, new RegExp(`^GROUP +TOPIC +PARTITION +START-OFFSET +LAG\\n${group} +\\S+ +\\d+ +\\d+ +0$`, 'm'));
    assert.match((await cli.run('lag', '--members', group)).stdout, new RegExp(`^${group} .*notification-service\\.[345] .* Share$`, 'm'));
    assert.match((await cli.run('lag', '--state', group)).stdout, new RegExp(`^${group} .* Stable +\\d+ +Share$`, 'm'));
    const [json] = JSON.parse((await cli.run('lag', '--json', group)).stdout);
    assert.deepEqual([json.type, json.totalLag, json.state], ['Share', 0, 'Stable']);
  });

  it('has what failed five times in the dead letters, and tells it once they are sent back', async () => {
    await setFailRate(1);
    await decide(pipeline.inventoryTopic, 'c', 1);
    const letters = `dlq.${pipeline.notificationsTopic}`;
    const listed = await until(
      async () => {
        const { letters: all } = JSON.parse((await cli.run('dlq', 'list', pipeline.notificationsTopic, '--json')).stdout);
        return all.find((one: { reason: string }) => one.reason === 'delivery-count');
      },
      { what: 'the letter of what failed too often' },
    );
    assert.deepEqual([listed.writer, listed.deliveryCount, listed.group], ['share-group', 5, pipeline.notificationGroup]);
    assert.match((await cli.run('dlq', 'show', letters, listed.id)).stdout, /^delivered +5 times$/m);
    await setFailRate(0);
    const before = (await readAll(pipeline.notificationsTopic)).length;
    const redriven = await cli.run('dlq', 'redrive', pipeline.notificationsTopic, listed.id, '--execute');
    assert.equal(redriven.exitCode, 0, redriven.stderr);
    await until(async () => (await readAll(pipeline.notificationsTopic)).length === before + 1, { what: 'told after the redrive' });
  });

  it('can be taken back to the beginning once nobody works, and tells everybody again', async () => {
    const { notificationGroup: group } = pipeline;
    const refused = await cli.run('offsets', 'reset', '--group', group, '--all-topics', '--to-earliest', '--execute');
    assert.match(refused.stderr, /has members: .*\.\/lab scale notification-service=0/);
    const bad = await cli.run('offsets', 'plan', '--group', group, '--all-topics', '--shift-by', '-1');
    assert.match(bad.stderr, /a share group is moved --to-earliest/);
    for (const worker of workers) await worker.kill('SIGKILL');
    const done = await until(
      async () => {
        const reset = await cli.run('offsets', 'reset', '--group', group, '--all-topics', '--to-earliest', '--execute');
        return reset.exitCode === 0 && reset;
      },
      { what: 'the group is empty' },
    );
    assert.match(done.stdout, new RegExp(`^${group} +${pipeline.inventoryTopic} +0 +0$`, 'm'));
    const plan = await cli.run('offsets', 'plan', '--group', group, '--all-topics', '--to-earliest', '--json');
    assert.equal(JSON.parse(plan.stdout).type, 'Share');
  });
});
