import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { lagOf, lagRows, lagTrend, type PartitionState, totalLag } from '../../src/kafka/lag.ts';

const owner = { consumerId: 'c-1', host: '/127.0.0.1', clientId: 'c' };
const state = (partition: number, changes: Partial<PartitionState> = {}): PartitionState => ({
  topic: 'orders',
  partition,
  committed: 5,
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

  it('drains as slowly as its slowest partition', () => {
    const at = (atMs: number, ends: number[]) => ({
      atMs,
      rows: lagRows(
        'g',
        ends.map((end, partition) => state(partition, { committed: 0, end })),
      ),
    });
    assert.deepEqual(lagTrend(at(0, [100, 100]), at(1000, [50, 90])), { direction: 'draining', perSec: -60, drainSec: 9 });
    assert.deepEqual(lagTrend(at(0, [100, 10]), at(2000, [50, 10])), { direction: 'draining', perSec: -25, drainSec: undefined });
    assert.deepEqual(lagTrend(at(0, [10]), at(1000, [10])), { direction: 'steady', perSec: 0, drainSec: undefined });
    assert.equal(lagTrend(at(0, [10]), at(1000, [30])).direction, 'growing');
  });
});
