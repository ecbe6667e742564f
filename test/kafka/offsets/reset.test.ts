import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { clientConfig } from '../../../src/kafka/client/client-config.ts';
import { KafkaInspector } from '../../../src/kafka/groups/inspector.ts';
import { readBackup } from '../../../src/kafka/offsets/backup.ts';
import { commitOffsets } from '../../../src/kafka/offsets/commit.ts';
import { executeReset, planNow, waitUntilInactive } from '../../../src/kafka/offsets/reset.ts';
import { joinGroup } from '../../support/group-member.ts';
import { createTopic, uniqueName, withAdmin } from '../../support/kafka.ts';
import { orderRecords, produceAll } from '../../support/produce.ts';
import { testSettings } from '../../support/settings.ts';

const config = clientConfig(testSettings(), 'test');
const home = mkdtempSync(join(tmpdir(), 'replayground-reset-'));
const inspector = new KafkaInspector(config);
const clients = { inspector, config };

after(() => {
  inspector[Symbol.dispose]();
  rmSync(home, { recursive: true, force: true });
});

const committedOf = async (group: string) =>
  (await inspector.ask('committed', group, true)).map(({ partition, offset }) => [partition, offset]);
const all = (topic: string) => [{ topic, partitions: undefined }];

describe('an offset reset', () => {
  it('commits what it has planned, without metadata, and reads it back', async () => {
    const topic = await createTopic('reset');
    const group = uniqueName('reset');
    await produceAll(topic, orderRecords('o', 60));
    const { rows } = await executeReset(clients, { group, target: { kind: 'latest' }, scope: all(topic) }, home);
    assert.equal(
      rows.reduce((sum, { newOffset }) => sum + (newOffset ?? 0), 0),
      60,
    );
    assert.deepEqual(
      await committedOf(group),
      rows.map(({ partition, newOffset }) => [partition, newOffset]),
    );
    const metadata = await withAdmin(
      (admin) =>
        new Promise((resolve) =>
          admin.listConsumerGroupOffsets([{ groupId: group }], {}, (_error, results) =>
            resolve(results[0]?.partitions.map((one) => one.metadata)),
          ),
        ),
    );
    assert.deepEqual(metadata, [null, null, null]);
  });

  it('leaves a backup that brings everything back, also that nothing was committed', async () => {
    const topic = await createTopic('undo');
    const other = await createTopic('undo-other', 1);
    const group = uniqueName('undo');
    await produceAll(topic, orderRecords('o', 30));
    await commitOffsets(config, group, [
      { topic, partition: 0, offset: 2 },
      { topic: other, partition: 0, offset: 0 },
    ]);
    const { backup } = await executeReset(clients, { group, target: { kind: 'latest' }, scope: all(topic) }, home);
    const { path, offsets } = readBackup(home, group);
    assert.equal(path, backup);
    const undo = { group, target: { kind: 'file', offsets } as const, scope: undefined };
    assert.deepEqual(
      (await planNow(inspector, undo)).rows.map(({ newOffset }) => newOffset),
      [2, undefined, undefined],
    );
    await executeReset(clients, undo, home);
    const committed = await inspector.ask('committed', group, true);
    assert.deepEqual(
      new Set(committed.map(({ topic: name, offset }) => `${name === other ? 'other' : 'own'} ${offset}`)),
      new Set(['own 2', 'other 0']),
    );
  });

  it('is refused while the group has members, in the words of Kafka and with what to do', async () => {
    const topic = await createTopic('busy');
    const group = uniqueName('busy');
    await produceAll(topic, orderRecords('o', 10));
    const request = { group, target: { kind: 'earliest' } as const, scope: all(topic), howToStop: './lab stop it' };
    {
      await using _member = await joinGroup(group, topic);
      const message = `Assignments can only be reset if the group '${group}' is inactive, but the current state is Stable: ./lab stop it`;
      await assert.rejects(executeReset(clients, request, home), { code: 'group-active', message });
      // Even one that joined after the check: the broker refuses it itself.
      await assert.rejects(commitOffsets(config, group, [{ topic, partition: 0, offset: 0 }]), { code: 'group-active' });
      assert.equal((await planNow(inspector, request)).rows.length, 3);
    }
    await waitUntilInactive(inspector, group, 20_000);
    assert.deepEqual(await committedOf(group), []);
    await executeReset(clients, request, home);
  });

  it('changes nothing when a partition cannot be read', async () => {
    const topic = await createTopic('partly', 1);
    const group = uniqueName('partly');
    const offsets = [0, 5].map((partition) => ({ topic, partition, offset: 0 }));
    await assert.rejects(executeReset(clients, { group, target: { kind: 'file', offsets }, scope: undefined }, home), { code: 'usage' });
    assert.deepEqual(await committedOf(group), []);
  });

  it('finds the first record at or after a time', async () => {
    const topic = await createTopic('time', 1);
    const at = (timestamp: number) => ({ key: 'k', value: 'v', timestamp });
    const start = Date.now() - 60_000;
    await produceAll(topic, [at(start), at(start + 10_000), at(start + 20_000)]);
    const newOffset = async (atMs: number) => {
      const { rows, warnings } = await planNow(inspector, { group: 'nobody', target: { kind: 'time', atMs }, scope: all(topic) });
      return [rows[0]?.newOffset, warnings.length];
    };
    assert.deepEqual(await newOffset(start - 1), [0, 0]);
    assert.deepEqual(await newOffset(start + 1), [1, 0]);
    assert.deepEqual(await newOffset(start + 20_000), [2, 0]);
    assert.deepEqual(await newOffset(start + 20_001), [3, 1]);
    // Before 1970, where Kafka takes -1, -2 and -3 for places of its own.
    for (const atMs of [-1, -2, -3, -86_400_000]) assert.deepEqual(await newOffset(atMs), [0, 0], `${atMs}`);
  });
});
