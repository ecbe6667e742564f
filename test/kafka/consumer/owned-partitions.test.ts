import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OwnedPartitions } from '../../../src/kafka/consumer/owned-partitions.ts';

const at = (partition: number, offset: number) => ({ topic: 't', partition, offset });
const of = (partition: number) => ({ topic: 't', partition });

test('what was handed out and is not committed is under way, of each partition that is owned', () => {
  const owned = new OwnedPartitions();
  owned.take([at(0, 10), at(1, 20)]);
  owned.readTo([at(0, 15)]);
  owned.committedTo([at(0, 12), at(7, 99)]);
  assert.deepEqual(owned.underWay, [
    { ...of(0), fetched: 15, committed: 12 },
    { ...of(1), fetched: 20, committed: 20 },
  ]);
  owned.restartAt([at(0, 3), at(1, 20)]);
  assert.deepEqual(owned.underWay[0], { ...of(0), fetched: 3, committed: 3 }, 'what is read again is not under way');
});

test('a partition that goes takes all that is known of it along; the others stay as they are', () => {
  const owned = new OwnedPartitions();
  owned.take([{ ...at(0, 10), held: true }, at(1, 20)]);
  owned.readTo([at(1, 25)]);
  owned.keep([of(1)]);
  assert.deepEqual([owned.all, owned.held, owned.positions], [[of(1)], [], [at(1, 25)]]);
  owned.take([at(0, 11)]);
  assert.deepEqual([owned.all, owned.held, owned.positionOf(of(0))], [[of(1), of(0)], [], 11]);
});

test('a partition is held until it is released', () => {
  const owned = new OwnedPartitions();
  owned.take([{ ...at(0, 0), held: true }, at(1, 0)]);
  assert.deepEqual([owned.held, owned.isHeld(of(1))], [[of(0)], false]);
  owned.release([of(0)]);
  assert.deepEqual(owned.held, []);
});
