import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { StandingPartitions } from '../../../src/kafka/stalls/standing-partitions.ts';
import { retryMs, type Unreadable } from '../../../src/kafka/stalls/unreadable.ts';

const stands = (partition: number): Unreadable => ({ topic: 't', partition, offset: 5, cause: 'bad' });

test('a partition stands until it is tried again, and is told of until its batch is behind it', () => {
  mock.timers.enable({ apis: ['Date'] });
  try {
    let told: readonly Unreadable[] = [];
    const standing = new StandingPartitions((all) => {
      told = all;
    });
    standing.add([stands(0), stands(1)]);
    assert.deepEqual([standing.has(stands(0)), standing.due(), told], [true, [], [stands(0), stands(1)]]);

    mock.timers.tick(retryMs);
    assert.deepEqual([standing.due(), standing.has(stands(0)), told.length], [[stands(0), stands(1)], false, 2]);

    standing.add([stands(1)]);
    standing.forgetRead(() => 5);
    assert.deepEqual([standing.has(stands(1)), told.length], [true, 2], 'at the batch is not behind it');
    standing.forgetRead(() => 6);
    assert.deepEqual(told, [stands(1)]);

    standing.keep([]);
    assert.deepEqual([standing.has(stands(1)), told], [false, []]);
  } finally {
    mock.timers.reset();
  }
});
