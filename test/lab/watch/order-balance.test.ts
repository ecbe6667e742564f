import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DeletedUnread } from '../../../src/kafka/deleted-unread.ts';
import { ledgerOf } from '../../../src/lab/watch/order-balance.ts';
import type { Ledger, Metrics, Snapshot } from '../../../src/lab/wire/all.ts';
import { deleteBefore } from '../../support/kafka.ts';
import { orderRecords, produceAll } from '../../support/produce.ts';
import { until } from '../../support/until.ts';
import { startRealLab } from '../fixtures/real-lab.ts';

const names = { ordersTopic: 'orders', inventoryTopic: 'decisions', inventoryGroup: 'inventory' };
const partition = { topic: 'orders', partition: 0 };
const layout = { ends: [partition], commits: [{ group: 'inventory', ...partition }] };

/** 100 orders are written, and analytics has looked at all of them. */
const ledger = (facts: { committed: number | null; first: number; noted?: DeletedUnread[]; orders: number }): Ledger | null =>
  ledgerOf({
    layout,
    sample: {
      ...{ atMs: 0, ends: [100], committed: [facts.committed], lag: [null] },
      ...{ inPerSec: null, decidedPerSec: null, seenPerSec: null, ordersPerMin: null, endToEndMs: null },
    },
    beginnings: new Map([['orders/0', facts.first]]),
    metrics: { position: { orders: { 0: 100 } }, total_orders: facts.orders, duplicates_ignored: 0, dead_letters: 0 } as unknown as Metrics,
    names,
    deadDecisions: 0,
    noted: facts.noted ?? [],
  });

test('what was deleted unread is neither decided nor in flight, before and after the group reads on', () => {
  const gone = [{ ...partition, from: 10, to: 60 }];
  const table: [what: string, facts: Parameters<typeof ledger>[0], expected: Partial<Ledger>][] = [
    ['nothing is gone', { committed: 40, first: 0, orders: 100 }, { decided: 40, deletedUnread: 0, inFlight: 60 }],
    ['read, then gone', { committed: 100, first: 60, orders: 100 }, { decided: 100, deletedUnread: 0, inFlight: 0 }],
    ['gone, and not met yet', { committed: 10, first: 60, orders: 100 }, { decided: 10, deletedUnread: 50, inFlight: 40 }],
    [
      'met, and not committed yet',
      { committed: 10, first: 60, noted: gone, orders: 100 },
      { decided: 10, deletedUnread: 50, inFlight: 40 },
    ],
    ['read on', { committed: 100, first: 60, noted: gone, orders: 100 }, { decided: 50, deletedUnread: 50, inFlight: 0 }],
    ['told twice', { committed: 100, first: 60, noted: [...gone, ...gone], orders: 100 }, { decided: 50, deletedUnread: 50, inFlight: 0 }],
    ['set back', { committed: 5, first: 0, noted: gone, orders: 100 }, { decided: 5, deletedUnread: 50, inFlight: 45 }],
    ['no commit', { committed: null, first: 60, orders: 100 }, { decided: 0, deletedUnread: 0, inFlight: 100 }],
  ];
  for (const [what, facts, expected] of table) {
    const { decided, deletedUnread, inFlight } = ledger(facts) as Ledger;
    assert.deepEqual({ decided, deletedUnread, inFlight }, expected, what);
  }
});

test('what a view lacks is unaccounted, but for what the log itself lost', () => {
  const told = (first: number, orders: number) => {
    const { deleted, unaccounted } = ledger({ committed: 100, first, orders }) as Ledger;
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
  await untilLedger('all is read', ({ decided, seen }) => decided === 4 && seen === 4);
  await lab.post('/api/services/inventory-service/stop');
  await send('waiting', 10);
  await untilLedger('analytics has seen all', ({ seen }) => seen === 14);
  await deleteBefore(orders, 0, 9);
  const waiting = await untilLedger('the lab knows that they are gone', ({ deletedUnread }) => deletedUnread === 5);
  assert.deepEqual([waiting.written, waiting.decided, waiting.inFlight, waiting.unaccounted], [14, 4, 5, 0]);
  await lab.post('/api/services/inventory-service/start');
  const after = await untilLedger('inventory has read on', ({ inFlight, deletedUnread }) => inFlight === 0 && deletedUnread === 5);
  assert.deepEqual(after, {
    ...{ written: 14, decided: 9, deletedUnread: 5, inFlight: 0 },
    ...{ seen: 14, orders: 14, duplicates: 0, deadLetters: 0, deleted: 0, unaccounted: 0 },
  });
});
