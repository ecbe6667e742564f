import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { clientConfig } from '../../../src/kafka/client/client-config.ts';
import { redrivenFromHeader } from '../../../src/kafka/dead-letters/read-letter-headers.ts';
import type { ReplaygroundError } from '../../../src/kafka/errors.ts';
import { LedgerBooks, sumParts } from '../../../src/order-lab/ledger/books.ts';
import { Share, type ShareTask } from '../../../src/order-lab/ledger/share.ts';
import { encodeInventoryEvent, inventoryEvent } from '../../../src/pipeline/events/inventory-event.ts';
import { encodeOrder, type OrderPlaced } from '../../../src/pipeline/events/order-placed.ts';
import { createTopic } from '../../support/kafka.ts';
import { orderRecords, produceAll } from '../../support/produce.ts';
import { testSettings } from '../../support/settings.ts';

const config = () => clientConfig(testSettings(), 'share-test');

/** Reads a share and ends its process. */
async function readShare(task: ShareTask, signal?: AbortSignal) {
  using share = Share.start(task, () => {}, signal);
  return (await share.read()).tally;
}

const folders: string[] = [];
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'replayground-share-'));
  folders.push(folder);
  return folder;
}

const order = (orderId: string): OrderPlaced => ({
  ...{ eventId: `event-${orderId}`, eventType: 'OrderPlaced', orderId, items: [{ sku: 'burger', qty: 1 }] },
  ...{ status: 'placed', createdAt: '2026-01-05T10:20:30.123Z' },
});
const none = { partition: 0, headers: [] };
const placed = (id: string, offset: number) => ({ ...none, topic: 'orders', offset, key: Buffer.from(id), value: encodeOrder(order(id)) });
const decided = (id: string, offset: number) => {
  const event = inventoryEvent(order(id), 'InventoryReserved', { topic: 'orders', partition: 0, offset });
  return { ...none, topic: 'decisions', offset, key: Buffer.from(id), value: encodeInventoryEvent(event) };
};

describe('a share of the ledger', () => {
  it('is handed over by files: entries of one id come together from all shares, of more ids than fit into memory', () => {
    const topics = { orders: 'orders', inventory: 'decisions' };
    const ids = Array.from({ length: 5000 }, (_, index) => `order-${index}`);
    const [ordersFolder, decisionsFolder] = [newFolder(), newFolder()];
    using all = new LedgerBooks(topics, 1_000_000);
    {
      using orders = new LedgerBooks(topics, 1_000_000, ordersFolder);
      using decisions = new LedgerBooks(topics, 1_000_000, decisionsFolder);
      for (const [offset, id] of ids.entries()) orders.add(placed(id, offset));
      for (const [offset, id] of ids.entries()) if (id !== 'order-77') decisions.add(decided(id, offset));
      all.takeOver(orders.handOver(), ordersFolder);
      all.takeOver(decisions.handOver(), decisionsFolder);
    }
    const found: string[] = [];
    const bounds = [{ partition: 0, from: 0, committed: 0, decisionsDeleted: false }];
    const { records, orders, decisions, byType } = all.close(bounds, ({ kind, id }) => found.push(`${kind} ${id}`));
    assert.deepEqual([records, orders, decisions, byType], [5000, 5000, 4999, { InventoryReserved: 4999 }]);
    assert.deepEqual(found, ['missing order-77']);
  });

  it('judges a part of the ids, and all parts together every id once', async () => {
    const [ordersTopic, decisionsTopic] = [await createTopic('orders', 1), await createTopic('decisions', 1)];
    const topics = { orders: ordersTopic, inventory: decisionsTopic };
    const ids = Array.from({ length: 2000 }, (_, index) => `order-${index}`);
    const decisionOn = (id: string, offset: number) =>
      encodeInventoryEvent(inventoryEvent(order(id), 'InventoryReserved', { topic: ordersTopic, partition: 0, offset }));
    const records = [
      ...ids.map((id) => ({ topic: ordersTopic, key: id, value: encodeOrder(order(id)) })),
      ...ids.map((id, offset) => ({ topic: decisionsTopic, key: id, value: decisionOn(id, offset) })),
    ];
    const missing = ['order-5', 'order-77', 'order-1999'];
    const written = records.filter(({ topic, key }) => topic === ordersTopic || !missing.includes(key));
    for (const topic of [ordersTopic, decisionsTopic]) {
      await produceAll(
        topic,
        written.filter((one) => one.topic === topic),
      );
    }
    const task = { config: config(), topics, expected: 200_000 };
    const ranges = (topic: string, to: number) => [{ topic, partition: 0, from: 0, to }];
    using orders = Share.start({ ...task, ranges: ranges(ordersTopic, 2000), folder: newFolder() }, () => {});
    using decisions = Share.start({ ...task, ranges: ranges(decisionsTopic, 1997), folder: newFolder() }, () => {});
    const read = await Promise.all([orders.read(), decisions.read()]);
    const bounds = [{ partition: 0, from: 0, committed: 2000, decisionsDeleted: false }];
    const judgeOf = (share: Share, index: number) =>
      share.judge({ others: [read[1 - index] as (typeof read)[0]], bounds, part: { index, of: 2 }, mostFindings: 10 });
    const [first, second] = await Promise.all([judgeOf(orders, 0), judgeOf(decisions, 1)]);
    for (const { totals } of [first, second]) {
      assert.ok(totals.orders > 500 && totals.orders < 1500);
      assert.deepEqual([totals.records, totals.decisions], [2000, 1997]);
    }
    const whole = sumParts([first.totals, second.totals]);
    assert.deepEqual([whole.records, whole.orders, whole.decided, whole.found.missing], [2000, 2000, 1997, 3]);
    assert.deepEqual([...first.findings, ...second.findings].map(({ id }) => id).sort(), missing.sort());
  });

  it('ends where the ends were, though more has come since', async () => {
    const topic = await createTopic('orders', 1);
    await produceAll(topic, orderRecords('o', 10));
    const topics = { orders: topic, inventory: 'none' };
    const ranges = [{ topic, partition: 0, from: 2, to: 7 }];
    const { records } = await readShare({ config: config(), topics, expected: 5, ranges, folder: newFolder() });
    assert.equal(records, 5);
  });

  it('leaves out a decision that was sent back to a share group: it stands where it stood first too', async () => {
    const topic = await createTopic('inventory', 1);
    const { value } = decided('o', 0);
    await produceAll(topic, [
      { key: 'o', value },
      { key: 'o', value, headers: { [redrivenFromHeader]: '0:0' } },
    ]);
    const topics = { orders: 'none', inventory: topic };
    const ranges = [{ topic, partition: 0, from: 0, to: 2 }];
    const { decisions } = await readShare({ config: config(), topics, expected: 2, ranges, folder: newFolder() });
    assert.equal(decisions, 1);
  });

  it('ends with the signal, and fails with the reason of its process, or because that died', async () => {
    const task = { topics: { orders: 'a', inventory: 'b' }, expected: 1, ranges: [], folder: newFolder() };
    const isCode = (code: string) => (error: ReplaygroundError) => error.code === code;
    const away = { ...config(), 'bootstrap.servers': '127.0.0.1:1' };
    const stop = new AbortController();
    const reading = readShare({ ...task, config: away }, stop.signal);
    stop.abort(new Error('enough'));
    await assert.rejects(reading, /enough/);

    const { NODE_OPTIONS } = process.env;
    process.env.NODE_OPTIONS = '--import=./no-such-file.mjs';
    const dying = readShare({ ...task, config: config() });
    if (NODE_OPTIONS === undefined) delete process.env.NODE_OPTIONS;
    else process.env.NODE_OPTIONS = NODE_OPTIONS;
    await assert.rejects(dying, isCode('ledger-reader-died'));

    const folder = join(newFolder(), 'missing');
    const topic = await createTopic('orders', 1);
    await produceAll(topic, orderRecords('o', 1));
    const ranges = [{ topic, partition: 0, from: 0, to: 1 }];
    await assert.rejects(
      readShare({ ...task, config: config(), topics: { orders: topic, inventory: 'b' }, ranges, folder }),
      isCode('unexpected'),
    );
  });
});
