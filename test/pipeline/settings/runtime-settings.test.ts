import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { ensureTopics } from '../../../src/kafka/admin/admin.ts';
import { labSettingsTopic } from '../../../src/kafka/admin/side-topics.ts';
import { clientConfig } from '../../../src/kafka/client/client-config.ts';
import type { PassedOver } from '../../../src/kafka/stalls/unreadable.ts';
import { topicSpecs } from '../../../src/pipeline/events/topics.ts';
import {
  followRuntimeSettings,
  publishRuntimeSettings,
  type RuntimeOverrides,
  readRuntimeSettings,
} from '../../../src/pipeline/settings/runtime-settings.ts';
import { breakBatch, segmentFolder } from '../../support/break-batch.ts';
import { createTopic, uniqueName, withAdmin } from '../../support/kafka.ts';
import { produceAll } from '../../support/produce.ts';
import { testSettings } from '../../support/settings.ts';
import { openTransaction } from '../../support/stranger.ts';
import { until } from '../../support/until.ts';

describe('runtime settings', () => {
  const config = () => clientConfig(testSettings(), 'runtime-settings-test');
  before(() =>
    withAdmin((admin) =>
      ensureTopics(
        admin,
        topicSpecs(testSettings()).filter(({ name }) => name === labSettingsTopic),
      ),
    ),
  );

  const follow = (service: string, onChange: (now: RuntimeOverrides) => void) =>
    followRuntimeSettings(config(), { service, onChange, onPassedOver: () => {} });

  it('are merged, and put back', async () => {
    const service = uniqueName('service');
    assert.deepEqual(await readRuntimeSettings(config(), service), {});
    await publishRuntimeSettings(config(), service, { throttleMs: 10 });
    assert.deepEqual(await publishRuntimeSettings(config(), service, { failRate: 0.3 }), { throttleMs: 10, failRate: 0.3 });
    assert.deepEqual(await readRuntimeSettings(config(), service), { throttleMs: 10, failRate: 0.3 });
    await publishRuntimeSettings(config(), service, null);
    assert.deepEqual(await readRuntimeSettings(config(), service), {});
  });

  it('reach every follower, those that start later too, and only of that service', async () => {
    const [service, other] = [uniqueName('service'), uniqueName('service')];
    const seen: RuntimeOverrides[][] = [[], [], []];
    await using _first = await follow(service, (now) => seen[0]?.push(now));
    await using _other = await follow(other, (now) => seen[1]?.push(now));
    assert.deepEqual(seen[0], [{}]);
    await publishRuntimeSettings(config(), service, { paused: true });
    await until(() => seen[0]?.at(-1)?.paused === true, { what: 'the change reached the follower' });
    await using _late = await follow(service, (now) => seen[2]?.push(now));
    assert.deepEqual(seen[2], [{ paused: true }]);
    assert.ok(seen[1]?.every((now) => now.paused === undefined));
  });

  it('are not disturbed by a record that is none', async () => {
    const service = uniqueName('service');
    await produceAll(labSettingsTopic, [
      { key: service, value: 'garbage' },
      { key: service, value: '{"throttleMs":-1}' },
    ]);
    assert.deepEqual(await readRuntimeSettings(config(), service), {});
  });

  it('are read past a batch that cannot be opened, which is told with its place and its end', async () => {
    const topic = await createTopic('settings', 1);
    const set = (throttleMs: number, name = 'service') => ({ key: name, value: JSON.stringify({ throttleMs }), partition: 0 });
    for (const batch of [[set(1)], [set(2, 'other'), set(3), set(4)], [set(5, 'other'), set(6, 'other')]]) await produceAll(topic, batch);
    breakBatch(await segmentFolder(topic, 0), { batch: 1 });
    const passedOver: PassedOver[] = [];
    const seen: RuntimeOverrides[] = [];
    const onPassedOver = (one: PassedOver) => passedOver.push(one);
    await using _follower = await followRuntimeSettings(config(), {
      service: 'service',
      onChange: (now) => seen.push(now),
      onPassedOver,
      topic,
    });
    assert.deepEqual(seen, [{ throttleMs: 1 }]);
    assert.deepEqual(
      passedOver.map(({ partition, offset, to }) => ({ partition, offset, to })),
      [{ partition: 0, offset: 1, to: 4 }],
    );
    assert.match(passedOver[0]?.cause ?? '', /CRC32C/);
    assert.deepEqual(await readRuntimeSettings(config(), 'other', topic), { throttleMs: 6 });
    await produceAll(topic, [set(7)]);
    await until(() => seen.at(-1)?.throttleMs === 7, { what: 'what is set afterwards is in force' });
  });

  it('are followed behind a batch that cannot be opened and is all there is', async () => {
    const topic = await createTopic('settings', 1);
    const set = (throttleMs: number) => [{ key: 'service', value: JSON.stringify({ throttleMs }), partition: 0 }];
    await produceAll(topic, set(1));
    breakBatch(await segmentFolder(topic, 0));
    const seen: RuntimeOverrides[] = [];
    await using _follower = await followRuntimeSettings(config(), {
      service: 'service',
      onChange: (now) => seen.push(now),
      onPassedOver: () => {},
      topic,
    });
    assert.deepEqual(seen, [{}]);
    await produceAll(topic, set(2));
    await until(() => seen.at(-1)?.throttleMs === 2, { what: 'what is set afterwards is in force' });
  });

  it('are not hidden by a transaction that a stranger left open', async () => {
    const topic = await createTopic('settings', 1);
    await using _stranger = await openTransaction(topic, 0);
    await produceAll(topic, [{ key: 'service', value: '{"throttleMs":3}', partition: 0 }]);
    assert.deepEqual(await readRuntimeSettings(config(), 'service', topic), { throttleMs: 3 });
  });
});
