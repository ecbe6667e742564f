import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { digestOf, firstDifference, metricsOf } from '../../../src/pipeline/analytics/metrics.ts';
import { reportText } from '../../../src/pipeline/analytics/report.ts';
import { emptyView, type Fact, fold, recentOrders, type View } from '../../../src/pipeline/analytics/view.ts';

const noon = Date.parse('2026-11-20T12:00:00.000Z');
const order = (createdAtMs = noon, failsOrder = false): Fact => ({
  kind: 'order',
  createdAtMs,
  minute: `${new Date(createdAtMs).toISOString().slice(0, 16)}:00Z`,
  failsOrder,
});
const outcome = (action: 'reserve' | 'reject' | 'release'): Fact => ({ kind: 'outcome', action, failsOrder: action === 'reject' });
const folded = (facts: Fact[]): View => facts.reduce(fold, emptyView());
const metrics = (view: View, nowMs = noon) =>
  metricsOf(view, {
    asOf: new Date(nowMs),
    recentOrders: recentOrders(view, nowMs),
    lag: 0,
    positions: [{ topic: 'order-events', partition: 0, offset: 7 }],
    readings: new Map([[0, 'first']]),
    replay: { state: 'idle', processed: 0, total: 0 },
  });

describe('the view', () => {
  it('counts orders, reservations and failures', () => {
    const facts = [order(), order(), order(noon, true), outcome('reserve'), outcome('reject'), outcome('release')];
    const figures = metrics(folded(facts));
    assert.equal(figures.total_orders, 3);
    assert.equal(figures.total_reservations, 2);
    assert.equal(figures.failed_reservations, 1);
    assert.equal(figures.failed_orders, 2);
    assert.equal(figures.failure_rate, 0.5);
    assert.equal(figures.failure_rate_pct, 50);
    assert.deepEqual([figures.order_failure_rate, figures.order_failure_rate_pct], [0.666667, 66.6667]);
    assert.match(reportText(figures), /^Failure rate: +50\.00% of reservations\nOrder failure rate: +66\.67% of all orders$/m);
    assert.deepEqual(figures.position, { 'order-events': { 0: 7 } });
  });

  it('has a failure rate of 0 where nothing was reserved', () => {
    assert.equal(metrics(emptyView()).failure_rate, 0);
    assert.equal(metrics(emptyView()).average_orders_per_minute, 0);
  });

  it('puts orders into the minutes of their creation, and averages over the minutes that hold any', () => {
    const figures = metrics(folded([order(), order(noon + 59_999), order(noon + 60_000), order(noon + 600_000)]));
    assert.deepEqual(figures.orders_per_minute, { '2026-11-20T12:00:00Z': 2, '2026-11-20T12:01:00Z': 1, '2026-11-20T12:10:00Z': 1 });
    assert.deepEqual(figures.orders_by_minute, figures.orders_per_minute);
    assert.equal(figures.average_orders_per_minute, 1.33);
  });

  it('counts the orders of the last 60 seconds, which decays', () => {
    const view = folded([order(noon - 61_000), order(noon - 30_000), order(noon), order(noon + 3_600_000)]);
    assert.equal(recentOrders(view, noon), 2);
    assert.equal(recentOrders(view, noon + 45_000), 1);
    assert.equal(recentOrders(view, noon + 61_000), 0);
  });
});

it('a conflicting order is a duplicate, and told as more than that', () => {
  const place = (offset: number) => ({ topic: 'order-events', partition: 0, offset });
  const conflict = (offset: number): Fact => ({ kind: 'conflicting-order', orderId: 'o', first: place(0), other: place(offset) });
  const figures = metrics(folded([order(), { kind: 'duplicate-order' }, ...Array.from({ length: 12 }, (_, index) => conflict(index + 1))]));
  assert.deepEqual([figures.total_orders, figures.duplicates_ignored, figures.conflicting_orders], [1, 13, 12]);
  assert.equal(figures.conflicts.length, 10);
  assert.deepEqual(figures.conflicts.at(-1), { order_id: 'o', first: place(0), other: place(12) });
  assert.match(reportText(figures), /^Duplicates ignored: +13 \(12 with other contents\)$/m);
});

it('200,000 minutes cost no more to show than 1,440', () => {
  const facts = Array.from({ length: 200_000 }, (_, minute) => order(noon + minute * 60_000));
  const view = folded(facts);
  const shown = metrics(view);
  assert.ok(JSON.stringify(shown).length < 120_000);
  assert.equal(shown.average_orders_per_minute, 1);
  assert.equal(Object.keys(shown.orders_per_minute).length, 1440);
  assert.deepEqual([shown.older_minutes.minutes, shown.older_minutes.orders], [198_560, 198_560]);
  const started = performance.now();
  for (let asked = 0; asked < 20; asked += 1) metrics(view);
  assert.ok((performance.now() - started) / 20 < 50, `${(performance.now() - started) / 20} ms each`);
  // An order in the first minute of all is in the digest.
  assert.notEqual(digestOf(fold(view, order(noon))), shown.digest);
  assert.equal(digestOf(view), digestOf(folded([...facts, order(noon)].reverse())));
});

describe('the digest', () => {
  const facts = [order(), order(noon + 60_000), outcome('reserve'), outcome('reject')];

  it('knows no clock, no lag and no order of partitions', () => {
    const [first, second] = [metrics(folded(facts)), metrics(folded(facts.toReversed()), noon + 9_999_999)];
    assert.equal(first.digest, second.digest);
    assert.match(first.digest, /^sha256:[0-9a-f]{64}$/);
  });

  const place = { topic: 'order-events', partition: 0, offset: 0 };
  const conflicting: Fact = { kind: 'conflicting-order', orderId: 'o', first: place, other: place };
  const more: Fact[] = [order(), outcome('reserve'), outcome('reject'), { kind: 'duplicate-order' }, { kind: 'dead-letter' }, conflicting];
  for (const fact of more) {
    it(`changes with one more ${fact.kind}${fact.kind === 'outcome' ? ` (${fact.action})` : ''}`, () => {
      assert.notEqual(digestOf(folded([...facts, fact])), digestOf(folded(facts)));
    });
  }

  it('goes with the first figure that differs', () => {
    const [before, after] = [metrics(folded(facts)), metrics(folded([...facts, outcome('reject')]))];
    assert.equal(firstDifference(before, before), undefined);
    assert.deepEqual(firstDifference(before, after), { field: 'total_reservations', before: 2, after: 3 });
  });
});
