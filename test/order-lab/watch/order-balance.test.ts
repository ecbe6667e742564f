import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DeletedUnread } from '../../../src/kafka/groups/deleted-unread.ts';
import { ledgerOf } from '../../../src/order-lab/watch/order-balance.ts';
import type { Ledger, Metrics, Snapshot } from '../../../src/order-lab/wire/all.ts';
import { deleteBefore } from '../../support/kafka.ts';
import { orderRecords, produceAll } from '../../support/produce.ts';
import { until } from '../../support/until.ts';
import { startRealLab } from '../fixtures/real-lab.ts';

const names = { ordersTopic: 'orders', inventoryTopic: 'decisions', inventoryGroup: 'inventory' };
const partition = { topic: 'orders', partition: 0 };
const layout = {
  ends: [partition, { topic: 'decisions', partition: 0 }, { topic: 'orders.dlq', partition: 0 }],
  commits: [{ group: 'inventory', ...partition }],
};

type Facts = {
  committed: number | null;
  /** Where the log of the orders begins. */
  first?: number;
  noted?: DeletedUnread[];
  orders?: number;
  duplicates?: number;
  dead?: number;
  /** How many of the dead are in the dead-letter topic: all, where nothing else is said. */
  aside?: number;
  decided?: number;
  twice?: number;
  /** How far analytics has read orders and decisions, of 100 and `decisions`. */
  seen?: number;
  counted?: number;
  decisions?: number;
};

/** 100 orders are written. */
function ledger(facts: Facts): Ledger {
  const { committed, first = 0, noted = [], duplicates = 0, dead = 0, aside = dead, twice = 0, seen = 100 } = facts;
  const { orders = seen - duplicates - dead, decided = committed ?? 0, decisions = decided, counted = decisions } = facts;
  const found = ledgerOf({
    layout,
    sample: {
      ...{ atMs: 0, ends: [100, decisions, aside], committed: [committed], lag: [null] },
      ...{ inPerSec: null, decidedPerSec: null, seenPerSec: null, ordersPerMin: null, endToEndMs: null },
    },
    beginnings: new Map([['orders/0', first]]),
    metrics: {
      ...{ position: { orders: { 0: seen }, decisions: { 0: counted } }, total_orders: orders, duplicates_ignored: duplicates },
      ...{ dead_letters: dead, decided_orders: decided, decided_twice: twice },
    } as unknown as Metrics,
    names,
    deadDecisions: 0,
    noted,
  });
  assert.ok(found);
  return found;
}

test('one equation with the same words in every situation, and its terms add up', () => {
  const gone = [{ ...partition, from: 10, to: 60 }];
  const zero = '0 duplicates + 0 dead-lettered';
  const fine = 'nothing lost, none decided twice';
  const table: [what: string, facts: Facts, text: string][] = [
    ['all is read', { committed: 100 }, `100 written = 100 decided + ${zero} + 0 in flight: ${fine}`],
    ['not reached yet', { committed: 40 }, `100 written = 40 decided + ${zero} + 60 in flight: ${fine}`],
    ['no commit', { committed: null }, `100 written = 0 decided + ${zero} + 100 in flight: ${fine}`],
    [
      'a duplicate and three that could not be read',
      { committed: 100, duplicates: 1, dead: 3, decided: 96 },
      `100 written = 96 decided + 1 duplicate + 3 dead-lettered + 0 in flight: ${fine}`,
    ],
    [
      'one that cannot be read, which inventory has not come to',
      { committed: 40, dead: 1, aside: 0, decided: 40 },
      `100 written = 40 decided + ${zero} + 60 in flight: ${fine}`,
    ],
    [
      'a dead-letter topic that was made anew since',
      { committed: 100, dead: 2, aside: 0, decided: 98 },
      `100 written = 98 decided + 0 duplicates + 2 dead-lettered + 0 in flight: ${fine}`,
    ],
    [
      'analytics is behind with the decisions',
      { committed: 100, decided: 30, decisions: 100, counted: 30 },
      `100 written = 30 decided + ${zero} + 0 in flight + 70 not counted yet: ${fine}`,
    ],
    [
      'analytics is behind with both, inventory with some',
      { committed: 80, seen: 50, decided: 30, decisions: 80, counted: 30 },
      `100 written = 30 decided + ${zero} + 20 in flight + 50 not counted yet: ${fine}`,
    ],
    [
      'an order is neither decided nor anything else',
      { committed: 100, decided: 99 },
      `100 written = 99 decided + ${zero} + 0 in flight + 1 unaccounted for: 1 unaccounted for, none decided twice`,
    ],
    [
      'one was decided twice',
      { committed: 100, decided: 100, decisions: 101, twice: 1 },
      `100 written = 100 decided + ${zero} + 0 in flight: nothing lost, 1 decided twice`,
    ],
    [
      'deleted unread, and not met yet',
      { committed: 10, first: 60 },
      `100 written = 10 decided + ${zero} + 40 in flight + 50 lost: 50 lost, none decided twice`,
    ],
    [
      'deleted unread, noted and read on',
      { committed: 100, first: 60, noted: gone, decided: 50 },
      `100 written = 50 decided + ${zero} + 0 in flight + 50 lost: 50 lost, none decided twice`,
    ],
    [
      'told twice',
      { committed: 100, first: 60, noted: [...gone, ...gone], decided: 50 },
      `100 written = 50 decided + ${zero} + 0 in flight + 50 lost: 50 lost, none decided twice`,
    ],
    [
      'set back',
      { committed: 5, noted: gone, decided: 50 },
      `100 written = 50 decided + ${zero} + 0 in flight + 50 lost: 50 lost, none decided twice`,
    ],
    [
      'a view that was made anew after the log lost its beginning',
      { committed: 100, first: 60, orders: 40, decided: 40 },
      `100 written = 40 decided + ${zero} + 0 in flight + 60 out of reach: ${fine}`,
    ],
  ];
  for (const [what, facts, text] of table) {
    const found = ledger(facts);
    assert.equal(found.text, text, what);
    const { written, decided, duplicates, deadLettered, inFlight, notCounted, outOfReach, lost, unaccounted } = found;
    assert.equal(decided + duplicates + deadLettered + inFlight + notCounted + outOfReach + lost + unaccounted, written, what);
  }
});

test('what a view lacks is unaccounted, but for what the log itself lost', () => {
  const told = (first: number, orders: number) => {
    const { deleted, unaccounted } = ledger({ committed: 100, first, orders, decided: orders });
    return [deleted, unaccounted];
  };
  assert.deepEqual(told(0, 100), [0, 0]);
  assert.deepEqual(told(0, 97), [0, 3]);
  assert.deepEqual(told(60, 40), [60, 0], 'a view that was made anew');
  assert.deepEqual(told(60, 100), [0, 0], 'a view that read it in time');
  assert.deepEqual(told(60, 37), [60, 3]);
  assert.deepEqual(told(60, 101), [0, -1], 'counted twice');
});

test('a lab counts orders that were deleted unread by themselves', async () => {
  await using lab = await startRealLab();
  const { orders } = lab.names;
  const untilLedger = (what: string, is: (ledger: Ledger) => boolean): Promise<Ledger> =>
    until(
      async () => {
        const { ledger } = (await lab.get<Snapshot>('/api/snapshot')).live;
        return ledger && is(ledger) && ledger;
      },
      { what },
    );
  const send = (prefix: string, count: number) =>
    produceAll(
      orders,
      orderRecords(prefix, count).map((one) => ({ ...one, partition: 0 })),
    );
  await send('read', 4);
  await untilLedger('all is read', ({ decided, read, seen }) => decided === 4 && read === 4 && seen === 4);
  await lab.post('/api/services/inventory-service/stop');
  await send('waiting', 10);
  await untilLedger('analytics has seen all', ({ seen }) => seen === 14);
  await deleteBefore(orders, 0, 9);
  const waiting = await untilLedger('the lab knows that they are gone', ({ deletedUnread }) => deletedUnread === 5);
  assert.deepEqual([waiting.written, waiting.decided, waiting.inFlight, waiting.lost, waiting.unaccounted], [14, 4, 5, 5, 0]);
  await lab.post('/api/services/inventory-service/start');
  const after = await untilLedger(
    'inventory has read on',
    // What is read comes from the broker, what is decided from analytics: the one may be known a moment before the other.
    ({ inFlight, deletedUnread, decided, read }) => inFlight === 0 && deletedUnread === 5 && decided === 9 && read === 9,
  );
  assert.equal(after.text, '14 written = 9 decided + 0 duplicates + 0 dead-lettered + 0 in flight + 5 lost: 5 lost, none decided twice');
  assert.deepEqual([after.read, after.seen, after.orders, after.deleted], [9, 14, 14, 0]);
});
