import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { digestOf, firstDifference, metricsOf } from '../../src/analytics/metrics.ts';
import { emptyView, type Fact, fold, recentOrders, type View } from '../../src/analytics/view.ts';

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

describe('the digest', () => {
  const facts = [order(), order(noon + 60_000), outcome('reserve'), outcome('reject')];

  it('knows no clock, no lag and no order of partitions', () => {
    const [first, second] = [metrics(folded(facts)), metrics(folded(facts.toReversed()), noon + 9_999_999)];
    assert.equal(first.digest, second.digest);
    assert.match(first.digest, /^sha256:[0-9a-f]{64}$/);
  });

  const more: Fact[] = [order(), outcome('reserve'), outcome('reject'), { kind: 'duplicate-order' }, { kind: 'dead-letter' }];
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
