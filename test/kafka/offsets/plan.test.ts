import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type PartitionFacts, planReset, type Target } from '../../../src/kafka/offsets/plan.ts';

const facts = (changes: Partial<PartitionFacts> = {}): PartitionFacts => ({
  topic: 'orders',
  partition: 0,
  before: 50,
  earliest: 10,
  latest: 100,
  atTime: undefined,
  ...changes,
});

const newOffset = (target: Target, changes: Partial<PartitionFacts> = {}) => {
  const { rows, warnings } = planReset(target, [facts(changes)]);
  return { offset: rows[0]?.newOffset, warnings };
};

describe('a reset plan', () => {
  it('goes to the beginning, the end, or stays', () => {
    assert.deepEqual(newOffset({ kind: 'earliest' }), { offset: 10, warnings: [] });
    assert.deepEqual(newOffset({ kind: 'latest' }), { offset: 100, warnings: [] });
    assert.deepEqual(newOffset({ kind: 'current' }), { offset: 50, warnings: [] });
    assert.deepEqual(newOffset({ kind: 'current' }, { before: undefined }), { offset: 100, warnings: [] });
  });

  it('moves what is out of range to the nearest end, with a warning', () => {
    assert.deepEqual(newOffset({ kind: 'offset', offset: 70 }), { offset: 70, warnings: [] });
    assert.equal(newOffset({ kind: 'offset', offset: 101 }).offset, 100);
    assert.match(newOffset({ kind: 'offset', offset: 101 }).warnings[0] ?? '', /101 is past the end of orders partition 0: set to 100/);
    assert.equal(newOffset({ kind: 'shift', by: -45 }).offset, 10);
    assert.match(newOffset({ kind: 'shift', by: -45 }).warnings[0] ?? '', /5 is before the beginning of orders partition 0: set to 10/);
    assert.deepEqual(newOffset({ kind: 'shift', by: 5 }), { offset: 55, warnings: [] });
  });

  it('cannot shift what was never committed', () => {
    assert.throws(() => newOffset({ kind: 'shift', by: -1 }, { before: undefined }), { code: 'cannot-plan' });
  });

  it('takes the end, with a warning, for a time after the last record', () => {
    assert.deepEqual(newOffset({ kind: 'time', atMs: 0 }, { atTime: 33 }), { offset: 33, warnings: [] });
    const late = newOffset({ kind: 'time', atMs: 0 }, { atTime: -1 });
    assert.equal(late.offset, 100);
    assert.match(late.warnings[0] ?? '', /no record at or after that time: set to its end, 100/);
  });

  it('follows a file, where -1 means that nothing was committed', () => {
    const file = (offset: number): Target => ({ kind: 'file', offsets: [{ topic: 'orders', partition: 0, offset }] });
    assert.equal(newOffset(file(42)).offset, 42);
    assert.deepEqual(newOffset(file(-1)), { offset: undefined, warnings: [] });
    assert.equal(newOffset(file(1000)).offset, 100);
    assert.throws(() => newOffset(file(1), { partition: 7 }), { code: 'cannot-plan' });
  });

  it('shows what is read again and what is skipped, by topic and partition', () => {
    const { rows } = planReset({ kind: 'offset', offset: 40 }, [
      facts({ partition: 10 }),
      facts({ partition: 2, before: 30 }),
      facts({ topic: 'a', before: undefined }),
    ]);
    assert.deepEqual(
      rows.map(({ topic, partition, before, delta }) => [topic, partition, before, delta]),
      [
        ['a', 0, undefined, undefined],
        ['orders', 2, 30, 10],
        ['orders', 10, 50, -10],
      ],
    );
  });
});
