import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { lagOf, lagRows, lagTrend, type PartitionState, totalLag } from '../../../src/kafka/groups/lag.ts';

const owner = { consumerId: 'c-1', host: '/127.0.0.1', clientId: 'c' };
const state = (partition: number, changes: Partial<PartitionState> = {}): PartitionState => ({
  topic: 'orders',
  partition,
  committed: 5,
  start: undefined,
  first: 0,
  end: 8,
  owner: undefined,
  error: undefined,
  ...changes,
});

describe('lag', () => {
  it('is never below 0, although the end was asked at another moment', () => {
    assert.equal(lagOf(10, 8), 0);
    assert.equal(lagOf(8, 10), 2);
  });

  it('is unknown where nothing is committed or the end is not known', () => {
    assert.equal(lagOf(undefined, 10), undefined);
    assert.equal(lagOf(3, undefined), undefined);
    assert.equal(totalLag([{ lag: undefined }]), undefined);
    assert.equal(totalLag([{ lag: undefined }, { lag: 0 }, { lag: 4 }]), 4);
  });

  it('counts from where the group begins while nothing is committed', () => {
    const [row] = lagRows('g', [state(0, { committed: undefined, start: 3 })]);
    assert.deepEqual([row?.currentOffset, row?.lag], [undefined, 5]);
    assert.equal(lagRows('g', [state(0, { committed: undefined })])[0]?.lag, undefined);
  });

  it('is not known where the commit is beyond the end, and says why', () => {
    const [row] = lagRows('g', [state(0, { committed: 999_999, end: 66 })]);
    assert.equal(row?.lag, undefined);
    assert.match(row?.note ?? '', /^g has committed offset 999999 of orders\/0, which ends at 66: out of range/);
  });

  it('says what was deleted before it was read', () => {
    const [row] = lagRows('g', [state(0, { first: 7 })]);
    assert.equal(row?.lag, 3);
    assert.match(row?.note ?? '', /^2 records were deleted before g had read them: orders\/0 offsets 5 to 6/);
    assert.deepEqual(
      [lagRows('g', [state(0, { first: 5 })])[0]?.note, lagRows('g', [state(0, { committed: 8 })])[0]?.note],
      [undefined, undefined],
    );
  });

  it('lists partitions by topic and number, those without a consumer last', () => {
    const rows = lagRows('g', [state(2, { owner }), state(0), state(1, { topic: 'a' }), state(10, { owner }), state(1, { owner })]);
    assert.deepEqual(
      rows.map(({ topic, partition, consumerId }) => [topic, partition, consumerId]),
      [
        ['orders', 1, 'c-1'],
        ['orders', 2, 'c-1'],
        ['orders', 10, 'c-1'],
        ['a', 1, undefined],
        ['orders', 0, undefined],
      ],
    );
  });

  it('keeps a partition that cannot be read, with the reason', () => {
    const [row] = lagRows('g', [state(0, { end: undefined, error: 'no leader' })]);
    assert.equal(row?.lag, undefined);
    assert.equal(row?.error, 'no leader');
  });

  it('grows, falls or stands still as a whole', () => {
    const at = (atMs: number, ends: number[]) => ({
      atMs,
      rows: lagRows(
        'g',
        ends.map((end, partition) => state(partition, { committed: 0, end })),
      ),
    });
    assert.deepEqual(lagTrend(at(0, [100, 100]), at(1000, [50, 90])), { direction: 'draining', perSec: -60 });
    assert.deepEqual(lagTrend(at(0, [100, 10]), at(2000, [50, 10])), { direction: 'draining', perSec: -25 });
    assert.deepEqual(lagTrend(at(0, [10]), at(1000, [10])), { direction: 'steady', perSec: 0 });
    assert.equal(lagTrend(at(0, [10]), at(1000, [30])).direction, 'growing');
  });
});
