/** Each expectation is written out by hand from the scaler's source, never computed by the code under test. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { autoscaleHistory } from '../../../../src/lab/watch/autoscale/autoscale-history.ts';
import { type KedaOptions, kedaDefaults, kedaLook, recommended } from '../../../../src/lab/watch/autoscale/keda.ts';
import { capacityOf } from '../../../../src/lab/watch/forecast/capacity.ts';
import type { Moment } from '../../../../src/lab/watch/forecast/when-gone.ts';

type Behind = (number | null)[];
/** By lag, each from offset 100 on; null: nothing is committed, and 100 records are there. */
const partitions = (behind: Behind) =>
  behind.map((lag, index) => ({ id: `t/${index}`, committed: lag === null ? null : 100, end: lag === null ? 100 : 100 + lag }));

test("the figure for the autoscaler, whether it is active, and the replicas, as the scaler's source has it", () => {
  const table: [
    what: string,
    behind: Behind,
    options: Partial<KedaOptions>,
    expected: [metric: number, active: boolean, replicas: number],
  ][] = [
    ['no lag: 0, not active, and the autoscaler keeps one', [0, 0, 0], {}, [0, false, 1]],
    ['below the threshold: ceil(40 / 1000) = 1', [40, 0, 0], {}, [40, true, 1]],
    ['ceil(1500 / 1000) = 2', [1500, 0, 0], {}, [1500, true, 2]],
    ['ceil(2001 / 1000) = 3', [1000, 1000, 1], {}, [2001, true, 3]],
    ['more than partitions: 90000 / 1000 = 90 > 3, so 3 * 1000', [30_000, 30_000, 30_000], {}, [3000, true, 3]],
    ['3500 / 1000 = 3 in whole numbers, not above 3, and ceil(3.5) = 4', [3500, 0, 0], {}, [3500, true, 4]],
    ['idle ones allowed: no bound, 90', [30_000, 30_000, 30_000], { allowIdleConsumers: true }, [90_000, true, 90]],
    ['idle ones allowed, at most 10', [30_000, 30_000, 30_000], { allowIdleConsumers: true, maxReplicaCount: 10 }, [90_000, true, 10]],
    ['one partition with lag bounds it to one', [9000, 0, 0], { limitToPartitionsWithLag: true }, [1000, true, 1]],
    ['two with lag bound it to two', [9000, 9000, 0], { limitToPartitionsWithLag: true }, [2000, true, 2]],
    [
      'evenly: of 6 the divisors are 1, 2, 3, 6; 3 * 1000 < 3500, so 6',
      [3500, 0, 0, 0, 0, 0],
      { ensureEvenDistributionOfPartitions: true },
      [6000, true, 6],
    ],
    ['evenly: 2 * 1000 >= 1001, so 2 of 4', [1001, 0, 0, 0], { ensureEvenDistributionOfPartitions: true }, [2000, true, 2]],
    ['evenly without lag: the least divisor is 1', [0, 0, 0], { ensureEvenDistributionOfPartitions: true }, [1000, false, 1]],
    ['evenly, beyond the last divisor: all', [9000, 9000, 9000], { ensureEvenDistributionOfPartitions: true }, [3000, true, 3]],
    ['nothing committed, latest: a lag of 1 each', [null, null, null], {}, [3, true, 1]],
    ['nothing committed, latest, to zero: 0', [null, null, null], { scaleToZeroOnInvalidOffset: true }, [0, false, 1]],
    [
      'nothing committed, earliest: all that is there',
      [null, null, null],
      { offsetResetPolicy: 'earliest', lagThreshold: 100 },
      [300, true, 3],
    ],
    ['active is above the activation threshold', [200, 0, 0], { activationLagThreshold: 199 }, [200, true, 1]],
    ['at the activation threshold it is not', [200, 0, 0], { activationLagThreshold: 200 }, [200, false, 1]],
  ];
  for (const [what, behind, more, expected] of table) {
    const options = { ...kedaDefaults, ...more };
    const { metric, active } = kedaLook(partitions(behind), options);
    assert.deepEqual([metric, active, recommended(metric, 0, options)], expected, what);
  }
});

test('lag of a partition that stands counts for "active", and not for replicas', () => {
  const options = { ...kedaDefaults, excludePersistentLag: true };
  const first = kedaLook(partitions([5000, 2000]), options);
  assert.equal(first.metric, 2000, '7000 / 1000 = 7 > 2 partitions, so 2 * 1000');
  const moved = [
    { id: 't/0', committed: 100, end: 5100 },
    { id: 't/1', committed: 600, end: 2100 },
  ];
  const second = kedaLook(moved, options, first.offsets);
  assert.deepEqual([second.metric, second.totalLag, second.active], [1500, 6500, true], 't/0 stands at 100: only 1500 of t/1 count');
  assert.equal(kedaLook(moved, { ...options, excludePersistentLag: false }, first.offsets).metric, 2000, '6500 / 1000 = 6 > 2, so 2000');
});

test('within 10% of the target nothing is changed', () => {
  assert.equal(recommended(2200, 2, kedaDefaults), 2, '2200 / 2000 = 1.1');
  assert.equal(recommended(2201, 2, kedaDefaults), 3, 'ceil(2.201)');
  assert.equal(recommended(1800, 2, kedaDefaults), 2, '1800 / 2000 = 0.9');
  assert.equal(recommended(990, 2, kedaDefaults), 1, 'ceil(0.99)');
});

/** Three partitions; `perSec` of each are read by whoever ran then. */
function past(seconds: number, burst: { atSec: number; records: number }[], perSec: number): Moment[] {
  const end = [0, 0, 0];
  const next = [0, 0, 0];
  return Array.from({ length: seconds }, (_, second) => {
    for (const { atSec, records } of burst)
      if (atSec === second) for (const index of end.keys()) end[index] = (end[index] ?? 0) + records / 3;
    for (const index of next.keys()) next[index] = Math.min(end[index] ?? 0, (next[index] ?? 0) + perSec);
    return {
      atMs: second * 1000,
      partitions: end.map((to, index) => ({ id: `t/${index}`, end: to, next: next[index] ?? 0, lag: to - (next[index] ?? 0) })),
    };
  });
}
const facts = { perInstance: 100, startSec: 5, replicas: 1 };

test('with three instances instead of one the lag would have been gone sooner, and they go five minutes after the burst', () => {
  // One instance read 33 of each partition: 9000 took 91 s. KEDA looks at second 0, 15, 30: 3 at second 15, which read from second 20 on.
  const moments = past(600, [{ atSec: 10, records: 9000 }], 33);
  const { points, goneAtMs, soonerSec, mostReplicas, flapsAtMs, instanceMinutes } = autoscaleHistory({ moments, ...facts }, kedaDefaults);
  assert.equal(points[14]?.replicas, 1);
  assert.equal(points[15]?.replicas, 3);
  assert.equal(mostReplicas, 3);
  assert.equal(points[10]?.lag, 8900, 'one reads 100 a second');
  assert.equal(points[21]?.lag, (points[20]?.lag ?? 0) - 300, 'three read 300');
  assert.ok(goneAtMs.asItWas !== null && goneAtMs.autoscaled !== null);
  assert.equal(soonerSec, Math.round((goneAtMs.asItWas - goneAtMs.autoscaled) / 1000));
  assert.ok((soonerSec ?? 0) > 40 && (soonerSec ?? 0) < 60, `${soonerSec} s`);
  const down = points.findIndex(({ atMs, replicas }) => atMs > 100_000 && replicas < 3);
  const lastHigh = 45;
  assert.ok(down >= lastHigh + 285 && down <= lastHigh + 315, `down at second ${down}, 300 s after the last recommendation of 3`);
  assert.deepEqual(flapsAtMs, []);
  assert.ok(instanceMinutes > 15 && instanceMinutes < 25, `${instanceMinutes}`);
});

test('without lag for the cool-down it goes to zero, and comes back when a poll finds some', () => {
  const moments = past(420, [{ atSec: 400, records: 300 }], 100);
  const { points, flapsAtMs } = autoscaleHistory({ moments, ...facts }, kedaDefaults);
  assert.deepEqual(
    [299, 300, 399, 419].map((second) => points[second]?.replicas),
    [1, 0, 0, 0],
    'the poll after second 400 is at 420',
  );
  const longer = autoscaleHistory({ moments: past(430, [{ atSec: 400, records: 300 }], 100), ...facts }, kedaDefaults);
  assert.equal(longer.points[420]?.replicas, 1);
  assert.deepEqual(flapsAtMs, []);
  assert.deepEqual(longer.flapsAtMs, [420_000], 'to zero and back within five minutes');
  assert.ok(
    autoscaleHistory({ moments, ...facts }, { ...kedaDefaults, minReplicaCount: 1 }).points.every(({ replicas }) => replicas === 1),
  );
});

test('what an instance reads in a second is measured where it always had something to read', () => {
  const moments = past(60, [{ atSec: 0, records: 6000 }], 40);
  const one = () => 'a';
  assert.equal(capacityOf(moments, { readerOf: one, sinceMs: 0 }), 120, 'all three partitions');
  assert.equal(capacityOf(moments, { readerOf: (id: string) => id, sinceMs: 0 }), 40, 'one each');
  assert.equal(capacityOf(past(60, [], 40), { readerOf: one, sinceMs: 0 }), null);
});
