import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clientConfig } from '../../../src/kafka/client/client-config.ts';
import { commitOffsets } from '../../../src/kafka/offsets/commit.ts';
import { createTopic, uniqueName } from '../../support/kafka.ts';
import { orderRecords, produceAll } from '../../support/produce.ts';
import { newCli } from '../../support/run-cli.ts';
import { testSettings } from '../../support/settings.ts';
import { openTransaction } from '../../support/stranger.ts';

test('lag --behind has four lags, names who left a transaction open, and says what each of them is', async () => {
  const [topic, group] = [await createTopic('behind', 1), uniqueName('behind')];
  await produceAll(topic, orderRecords('o', 3));
  await commitOffsets(clientConfig(testSettings(), 'test'), group, [{ topic, partition: 0, offset: 1 }]);
  await using stranger = await openTransaction(topic, 0);
  using cli = newCli();
  const { exitCode, stdout, stderr } = await cli.run('lag', '--behind', group);
  assert.equal(exitCode, 0, stderr);
  assert.match(stdout, /^GROUP +TOPIC +PARTITION +END +STABLE +FETCHED +VISIBLE +WHAT MATTERS$/m);
  assert.match(
    stdout,
    new RegExp(
      `^${group} +${topic} +0 +3 +2 +- +- +1 record of 3 may not be read by anybody yet: .*${stranger.transactionalId}.*abort`,
      'm',
    ),
  );
  for (const name of ['END', 'STABLE', 'FETCHED', 'VISIBLE']) assert.match(stderr, new RegExp(`^lab: ${name}: `, 'm'));
  await stranger.abort();
  const [{ partitions }] = JSON.parse((await cli.run('lag', '--json', group)).stdout);
  const { end, stable, fetched, visible, matters } = partitions[0].behind;
  // The record that was aborted, and the marker of that, are in the log.
  assert.deepEqual([end, stable, fetched, visible, matters], [4, 4, null, null, 'end']);
});
