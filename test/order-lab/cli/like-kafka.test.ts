import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { clientConfig } from '../../../src/kafka/client/client-config.ts';
import { commitOffsets } from '../../../src/kafka/offsets/commit.ts';
import { runKafkaTool } from '../../../src/lab/broker/tools.ts';
import { joinGroup } from '../../support/group-member.ts';
import { brokers, createTopic, uniqueName } from '../../support/kafka.ts';
import { orderRecords, produceAll } from '../../support/produce.ts';
import { newCli } from '../../support/run-cli.ts';
import { testSettings } from '../../support/settings.ts';

const consumerGroups = async (...args: string[]) => (await runKafkaTool('consumer-groups', args, { brokers: brokers() })).stdout;

/** The cells of a table that stand under these headers, the lines in alphabetical order. */
const table = (text: string, columns: number): string[] =>
  text
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('Warn'))
    .map((line) => line.trim().split(/\s+/).slice(0, columns).join(' '))
    .sort();

describe('Kafka and ./lab', () => {
  it('show the same lag, members and state', async () => {
    using cli = newCli();
    const topic = await createTopic('same');
    const group = uniqueName('same');
    await produceAll(topic, orderRecords('o', 50));
    await commitOffsets(clientConfig(testSettings(), 'test'), group, [{ topic, partition: 1, offset: 3 }]);
    await using _member = await joinGroup(group, topic);
    const [lag, members, state] = await Promise.all([
      cli.run('lag', group),
      cli.run('lag', group, '--members'),
      cli.run('lag', group, '--state'),
    ]);
    assert.deepEqual(table(lag.stdout, 9), table(await consumerGroups('--describe', '--group', group), 9));
    assert.match(
      members.stdout,
      /^GROUP +CONSUMER-ID +HOST +CLIENT-ID +#PARTITIONS +TYPE\n\S+ +plain-member-\S+ +\S+ +plain-member +3 +Classic$/,
    );
    assert.match(
      state.stdout,
      /^GROUP +COORDINATOR \(ID\) +ASSIGNMENT-STRATEGY +STATE +#MEMBERS +TYPE\n\S+ +\S+:\d+ \(\d+\) +range +Stable +1 +Classic$/,
    );
  });

  const targets = [
    ['--to-offset', '4'],
    ['--to-datetime', '2030-01-01T00:00:00.000'],
  ];

  it('plan the same offsets', async () => {
    using cli = newCli();
    const topic = await createTopic('plan');
    const group = uniqueName('plan');
    await produceAll(topic, orderRecords('o', 50));
    const offsets = [0, 1, 2].map((partition) => ({ topic, partition, offset: partition }));
    await commitOffsets(clientConfig(testSettings(), 'test'), group, offsets);
    for (const target of targets) {
      const args = ['--group', group, '--topic', `${topic}:0,2`, ...target];
      const [ours, kafkas] = await Promise.all([
        cli.run('offsets', 'plan', ...args),
        consumerGroups('--reset-offsets', '--dry-run', ...args),
      ]);
      assert.deepEqual(table(ours.stdout, 4), table(kafkas, 4), target.join(' '));
    }
  });

  it('agree after a reset and after its undo', async () => {
    using cli = newCli();
    const topic = await createTopic('agree');
    const group = uniqueName('agree');
    await produceAll(topic, orderRecords('o', 50));
    const reset = await cli.run('offsets', 'reset', '--group', group, '--topic', topic, '--to-latest', '--execute');
    assert.equal(reset.exitCode, 0, reset.stderr);
    const described = await consumerGroups('--describe', '--group', group);
    assert.deepEqual(table((await cli.run('lag', group)).stdout, 9), table(described, 9));
    assert.ok(
      table(described, 6)
        .filter((line) => line.startsWith(group))
        .every((line) => line.endsWith(' 0')),
      described,
    );
    const undo = await cli.run('offsets', 'undo', '--group', group, '--execute', '--json');
    assert.equal(undo.exitCode, 0, undo.stderr);
    assert.equal(JSON.parse(undo.stdout).executed, true);
    assert.match((await cli.run('lag', group)).stderr, /does not exist/);
  });

  it('pass arguments, output and exit code through', async () => {
    using cli = newCli();
    const topic = await createTopic('through', 1);
    const listed = await cli.run('kafka', 'topics', '--describe', '--topic', topic);
    assert.equal(listed.exitCode, 0, listed.stderr);
    assert.match(listed.stdout, new RegExp(`Topic: ${topic}\\s.*PartitionCount: 1`));
    const failed = await cli.run('kafka', 'kafka-topics.sh', '--describe', '--topic', uniqueName('no-topic'));
    assert.equal(failed.exitCode, 1);
    const unknown = await cli.run('kafka', 'nope');
    assert.equal(unknown.exitCode, 1);
    assert.match(unknown.stderr, /consumer-groups/);
  });
});
