import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { labSettingsTopic, topicSpecs } from '../../src/events/topics.ts';
import { ensureTopics } from '../../src/kafka/admin.ts';
import { clientConfig } from '../../src/kafka/client-config.ts';
import {
  followRuntimeSettings,
  publishRuntimeSettings,
  type RuntimeOverrides,
  readRuntimeSettings,
} from '../../src/kafka/runtime-settings.ts';
import { uniqueName, withAdmin } from '../support/kafka.ts';
import { produceAll } from '../support/produce.ts';
import { testSettings } from '../support/settings.ts';
import { until } from '../support/until.ts';

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
    await using _first = await followRuntimeSettings(config(), service, (now) => seen[0]?.push(now));
    await using _other = await followRuntimeSettings(config(), other, (now) => seen[1]?.push(now));
    assert.deepEqual(seen[0], [{}]);
    await publishRuntimeSettings(config(), service, { paused: true });
    await until(() => seen[0]?.at(-1)?.paused === true, { what: 'the change reached the follower' });
    await using _late = await followRuntimeSettings(config(), service, (now) => seen[2]?.push(now));
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
});
