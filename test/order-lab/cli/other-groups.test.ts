/** Groups of every kind are told apart, and nobody resets a share group as if it were a consumer group. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { listedGroups } from '../../../src/lab/broker/group-types.ts';
import { runKafkaTool, type ToolResult } from '../../../src/lab/broker/tools.ts';
import { elsewhere } from '../../../src/lab/commands/other-group.ts';
import { joinGroup } from '../../support/group-member.ts';
import { brokers, createTopic, uniqueName } from '../../support/kafka.ts';
import { orderRecords, produceAll } from '../../support/produce.ts';
import { newCli } from '../../support/run-cli.ts';
import { patienceMs, until } from '../../support/until.ts';

/** Settles when a member of a share group has read a record, so the group is there. It begins at the end of the log: records come until then. */
async function readAsShareGroup(group: string, topic: string): Promise<void> {
  const args = ['--topic', topic, '--group', group, '--max-messages', '1', '--timeout-ms', String(patienceMs)];
  let read: ToolResult | undefined;
  void runKafkaTool('console-share-consumer', args, { brokers: brokers() }).then((result) => {
    read = result;
  });
  await until(
    async () => {
      await produceAll(topic, orderRecords('o', 1));
      return read !== undefined;
    },
    { what: 'a share group has read a record' },
  );
  assert.match(read?.stderr ?? '', /Processed a total of 1 messages/);
}

describe('a group that is no consumer group', () => {
  it('is listed as what it is, beside the others', async () => {
    using cli = newCli();
    const topic = await createTopic('kinds', 1);
    const [share, plain] = [uniqueName('share'), uniqueName('plain')];
    await readAsShareGroup(share, topic);
    await using _member = await joinGroup(plain, topic);

    const listed = await cli.run('lag', '--groups');
    assert.match(listed.stdout, new RegExp(`^${share} +Share +share$`, 'm'));
    assert.match(listed.stdout, new RegExp(`^${plain} +Classic +consumer$`, 'm'));

    const looked = await cli.run('lag', share, plain, '--state');
    assert.match(looked.stdout, new RegExp(`^${share} .* (Empty|Stable) .*Share$`, 'm'));
    assert.match((await cli.run('lag', share)).stdout, new RegExp(`^${share} +${topic} +0 +\\d+ +\\d+$`, 'm'));

    const reset = await until(
      async () => {
        const done = await cli.run('offsets', 'reset', '--group', share, '--topic', topic, '--to-earliest', '--execute');
        return done.exitCode === 0 && done;
      },
      { what: 'the share group is empty, and is reset' },
    );
    assert.match(reset.stdout, new RegExp(`^${share} +${topic} +0 +0$`, 'm'));
  });

  it('has a command of its own, and a consumer group has none', () => {
    const text = [
      '',
      'GROUP             TYPE      PROTOCOL',
      'a group of blanks Streams   streams',
      'committed-only    Classic   ',
      'new               Consumer  consumer',
    ].join('\n');
    const [streams, ...others] = listedGroups(text);
    assert.deepEqual(streams, { group: 'a group of blanks', type: 'Streams', protocol: 'streams' });
    assert.deepEqual(
      others.map(({ group, type, protocol }) => [group, type, protocol]),
      [
        ['committed-only', 'Classic', ''],
        ['new', 'Consumer', 'consumer'],
      ],
    );
    assert.match(
      (streams && elsewhere(streams, 'reset')) ?? '',
      /streams-groups --reset-offsets --group 'a group of blanks' --all-input-topics/,
    );
    for (const other of others) assert.equal(elsewhere(other, 'reset'), undefined);
  });
});
