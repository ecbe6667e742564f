import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { clientConfig } from '../../../src/kafka/client/client-config.ts';
import { readGroup, readGroupState } from '../../../src/kafka/groups/group-state.ts';
import { KafkaInspector } from '../../../src/kafka/groups/inspector.ts';
import { lagRows, totalLag } from '../../../src/kafka/groups/lag.ts';
import { commitOffsets } from '../../../src/kafka/offsets/commit.ts';
import { joinGroup } from '../../support/group-member.ts';
import { createTopic, uniqueName } from '../../support/kafka.ts';
import { orderRecords, produceAll } from '../../support/produce.ts';
import { testSettings } from '../../support/settings.ts';

const config = clientConfig(testSettings(), 'test');
const inspector = new KafkaInspector(config);
after(() => inspector[Symbol.dispose]());

describe('the state of a group', () => {
  it('shows committed offsets, ends, and partitions without a commit', async () => {
    const topic = await createTopic('state');
    const group = uniqueName('state');
    await produceAll(topic, orderRecords('o', 90));
    await commitOffsets(config, group, [{ topic, partition: 1, offset: 5 }]);
    const { state, members, partitions } = await readGroup(inspector, group, [topic]);
    assert.equal(state, 'Empty');
    assert.deepEqual(members, []);
    assert.deepEqual(
      partitions.map(({ committed }) => committed),
      [undefined, 5, undefined],
    );
    assert.equal(
      partitions.reduce((sum, { end }) => sum + (end ?? 0), 0),
      90,
    );
    // A group that is known to begin at the beginning has everything before it, another one nobody knows how much.
    assert.equal(totalLag(lagRows(group, partitions)), 90 - 5);
    const { partitions: foreign } = await readGroup(inspector, group);
    assert.equal(totalLag(lagRows(group, foreign)), (partitions[1]?.end ?? 0) - 5);
  });

  it('tells who owns a partition, before anything is committed', async () => {
    const topic = await createTopic('owner', 2);
    const group = uniqueName('owner');
    await using _member = await joinGroup(group, topic);
    const { state, type, assignor, members, partitions, coordinator } = await readGroup(inspector, group);
    assert.equal(state, 'Stable');
    assert.equal(type, 'Classic');
    assert.equal(assignor, 'range');
    assert.equal(members[0]?.clientId, 'plain-member');
    assert.ok(coordinator?.port);
    assert.deepEqual(
      partitions.map(({ partition, committed, owner }) => [partition, committed, owner?.consumerId]),
      [0, 1].map((partition) => [partition, undefined, members[0]?.consumerId]),
    );
  });

  it('knows a group that does not exist, and leaves out topics that do not', async () => {
    const group = uniqueName('nobody');
    assert.equal(await readGroupState(inspector, group), 'Dead');
    assert.deepEqual((await readGroup(inspector, group, [uniqueName('no-topic')])).partitions, []);
  });

  it('shows the other partitions when one cannot be read', async () => {
    const topic = await createTopic('bad', 1);
    const answers = await inspector.ask(
      'offsets',
      [0, 9].map((partition) => ({ topic, partition })),
      'latest',
    );
    assert.deepEqual(
      answers.map(({ offset, error }) => [offset, error === undefined]),
      [
        [0, true],
        [undefined, false],
      ],
    );
  });
});

describe('the inspector', () => {
  it('asks about no group whose name the client would cut', async () => {
    using own = new KafkaInspector(config);
    for (const group of ['\0', 'a\0b', '']) {
      await assert.rejects(own.ask('describeGroup', group), { code: 'bad-group-name' });
      await assert.rejects(own.ask('committed', group, false), { code: 'bad-group-name' });
      await assert.rejects(own.ask('deleteGroup', group), { code: 'bad-group-name' });
    }
  });

  it('asks again with a new process when its process dies', async () => {
    using own = new KafkaInspector(config);
    const questions = Array.from({ length: 20 }, () => own.ask('describeGroup', uniqueName('g')));
    await own.ask('listTopics');
    process.kill(own.pid ?? 0, 'SIGSEGV');
    for (const { groupId } of await Promise.all(questions)) assert.match(groupId, /^g-/);
    assert.ok((await own.ask('listTopics')).length > 0);
  });

  it('leaves no process behind, whatever is being asked', async () => {
    const own = new KafkaInspector(config);
    await own.ask('listTopics');
    const { pid } = own;
    const pending = own.ask('describeGroup', uniqueName('g'));
    own[Symbol.dispose]();
    await assert.rejects(pending, { code: 'kafka-error' });
    assert.equal(own.pid, undefined);
    assert.throws(() => process.kill(pid ?? 0, 0), { code: 'ESRCH' });
  });
});
