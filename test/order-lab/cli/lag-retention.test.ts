import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { clientConfig } from '../../../src/kafka/client/client-config.ts';
import type { RetentionUse } from '../../../src/kafka/groups/retention.ts';
import { commitOffsets } from '../../../src/kafka/offsets/commit.ts';
import { createTopic, uniqueName } from '../../support/kafka.ts';
import { orderRecord, produceAll } from '../../support/produce.ts';
import { newCli } from '../../support/run-cli.ts';
import { testSettings } from '../../support/settings.ts';

const dayMs = 86_400_000;

/** A record in partition 0 that is 90% of the way, one in 1 that is 30% of it, and one in 2 that was read. */
async function behind(config: Record<string, string>) {
  const [topic, group] = [await createTopic('retained', 3, config), uniqueName('retained')];
  const aged = (partition: number, days: number) => ({
    ...orderRecord(`o-${partition}-${days}`),
    partition,
    timestamp: Date.now() - days * dayMs,
  });
  await produceAll(topic, [aged(0, 0.95), aged(0, 0.9), aged(1, 0.3), aged(2, 0.9)]);
  const offsets = [1, 0, 1].map((offset, partition) => ({ topic, partition, offset }));
  await commitOffsets(clientConfig(testSettings(), 'test'), group, offsets);
  return { topic, group };
}

type Partitions = { partition: number; lag: number; retention: RetentionUse | null }[];

describe('./lab lag', () => {
  it('warns where the oldest unread record is near its deletion, and has the figures of every partition in its JSON', async () => {
    using cli = newCli();
    const { topic, group } = await behind({ 'retention.ms': String(dayMs), 'retention.bytes': '1000000' });
    const { exitCode, stdout, stderr } = await cli.run('lag', group);
    assert.equal(exitCode, 0, stderr);
    assert.match(
      stderr,
      new RegExp(
        `^lab: ${topic}/0: the oldest record that ${group} has not read is 21 h \\d+ min old; retention.ms = 1 d: ` +
          'may be deleted in 2 h( \\d+ min)? at the earliest \\(90%\\); retention.bytes = 1000000 may delete it sooner$',
        'm',
      ),
    );
    assert.ok(!stderr.includes(`${topic}/1`) && !stderr.includes(`${topic}/2`), 'what is far away, or read, is not spoken of');
    assert.match(stdout, new RegExp(`^${group} +${topic} +0 +1 +2 +1 `, 'm'), "the table is that of Kafka's own tool");

    const [{ partitions }] = JSON.parse((await cli.run('lag', group, '--json')).stdout) as [{ partitions: Partitions }];
    const figures = partitions.map(({ partition, lag, retention }) => [partition, lag, retention && Math.floor(retention.share * 10)]);
    assert.deepEqual(figures, [
      [0, 1, 9],
      [1, 1, 3],
      [2, 0, null],
    ]);
    const far = partitions[1]?.retention;
    assert.ok(far && far.deletableInMs > 0.6 * dayMs && far.deletableInMs <= 0.7 * dayMs, `${far?.deletableInMs} ms are left`);
    assert.deepEqual([far.retentionMs, far.retentionBytes], [dayMs, 1_000_000]);
  });

  it('says nothing of a topic whose records are not deleted by their age', async () => {
    using cli = newCli();
    const never: Record<string, string>[] = [{ 'retention.ms': '-1' }, { 'retention.ms': String(dayMs), 'cleanup.policy': 'compact' }];
    for (const config of never) {
      const { group } = await behind(config);
      const { stdout, stderr } = await cli.run('lag', group, '--json');
      const [{ partitions }] = JSON.parse(stdout) as [{ partitions: Partitions }];
      assert.deepEqual(
        partitions.map(({ lag, retention }) => [lag, retention]),
        [
          [1, null],
          [1, null],
          [0, null],
        ],
      );
      assert.ok(!stderr.includes('retention'), stderr);
    }
  });
});
