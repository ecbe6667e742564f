import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeInventoryEvent, inventoryEvent } from '../../../../src/pipeline/events/inventory-event.ts';
import { createTopic, createTopicNamed, uniqueName } from '../../../support/kafka.ts';
import { orderRecords, type PlainRecord, produceAll } from '../../../support/produce.ts';
import { newCli } from '../../../support/run-cli.ts';
import { openTransaction } from '../../../support/stranger.ts';

/** As inventory-service would decide, for orders that stand in partition 0 from offset 0 on. */
const decisionOf = ({ key, value }: PlainRecord, offset: number, topic: string): PlainRecord => {
  const event = inventoryEvent(JSON.parse(String(value)), 'InventoryReserved', { topic, partition: 0, offset });
  return { key, value: encodeInventoryEvent(event) };
};

test('the ledger is read from the log alone: it balances, or names the first order that does not', async () => {
  const orders = await createTopic('orders', 1);
  const inventory = await createTopic('decisions', 1);
  await createTopicNamed(`${orders}.dlq`, 1);
  const sent = orderRecords('o', 5);
  const decisions = sent.map((order, offset) => decisionOf(order, offset, orders));
  await produceAll(orders, [...sent, ...sent.slice(0, 1), ...orderRecords('o', 1, { items: [{ sku: 'pizza', qty: 9 }] })]);
  await produceAll(inventory, decisions.slice(0, 3));
  using cli = newCli({ ORDERS_TOPIC: orders, INVENTORY_TOPIC: inventory, INVENTORY_GROUP_ID: uniqueName('group') });

  const good = await cli.run('ledger');
  assert.equal(good.exitCode, 0, good.stderr);
  assert.match(
    good.stdout,
    /^balanced: 7 written = 3 decided \+ 2 duplicates \+ 0 dead-lettered \+ 2 in flight: nothing lost, none decided twice \(/m,
  );
  assert.match(good.stdout, / conflicting +1 +of these, with other contents/);
  assert.match(good.stdout, /partition 0 offset 6, order o-0: other contents than the first of its id, partition 0 offset 0, which counts/);

  await produceAll(inventory, [...decisions.slice(4), ...decisions.slice(2, 3)]);
  const bad = await cli.run('ledger', '--json');
  assert.equal(bad.exitCode, 1);
  const { balanced, first, found, findings, conflicting, conflicts, equation } = JSON.parse(bad.stdout);
  const place = { topic: orders, partition: 0 };
  assert.deepEqual([conflicting, conflicts], [1, [{ ...place, offset: 6, id: 'o-0', first: { ...place, offset: 0 } }]]);
  assert.equal(balanced, false);
  const [order, decision, again] = [
    { ...place, offset: 2, what: 'order' },
    { topic: inventory, partition: 0, offset: 2, what: 'decision' },
    { topic: inventory, partition: 0, offset: 4, what: 'decision' },
  ];
  assert.deepEqual(first, {
    kind: 'decided-twice',
    ...{ topic: inventory, partition: 0, offset: 4, id: 'o-2' },
    records: [order, decision, again],
  });
  assert.match(
    equation.text,
    /^7 written = 4 decided \+ 2 duplicates \+ 0 dead-lettered \+ 0 in flight \+ 1 lost: 1 lost, 1 decided twice$/,
  );
  assert.deepEqual([found.missing, found['decided-twice']], [1, 1]);
  assert.match(bad.stderr, /decisions-\w+ partition 0 offset 4, order o-2: more than one decision/);
  type Told = { jepsen: string; records: { at: string | null; offset: number }[]; faults: unknown; text: string }[];
  const told = (findings as Told).map(({ jepsen, records, faults }) => [jepsen, records.map(({ offset }) => offset), faults]);
  assert.deepEqual(told, [
    ['duplicate', [2, 2, 4], null],
    ['lost-write', [3], null],
  ]);
  assert.ok((findings as Told).every(({ records }) => records.every(({ at }) => at !== null)));
  const inWords = await cli.run('ledger');
  assert.match(inWords.stdout, /^duplicate \(Jepsen: duplicate\): decisions-\S+ partition 0 offset 4, order o-2: more than one decision$/m);
  assert.match(
    inWords.stdout,
    /^ {2}order orders-\S+\/0@2 at [\d:.]+; decision decisions-\S+\/0@2 at [\d:.]+; decision decisions-\S+\/0@4 at/m,
  );
  assert.match(inWords.stdout, /^lost write \(Jepsen: lost-write\): /m);
});

test('a decision on a record that was never committed is an aborted read, one on nothing is unexpected', async () => {
  const orders = await createTopic('orders', 1);
  const inventory = await createTopic('decisions', 1);
  await createTopicNamed(`${orders}.dlq`, 1);
  const [real] = orderRecords('o', 1);
  assert.ok(real);
  await produceAll(orders, [real]);
  await using stranger = await openTransaction(orders, 0);
  await stranger.abort();
  const ghosts = orderRecords('ghost', 2);
  await produceAll(inventory, [
    decisionOf(real, 0, orders),
    ...ghosts.map((ghost, index) => decisionOf(ghost, index === 0 ? 1 : 900, orders)),
  ]);
  using cli = newCli({ ORDERS_TOPIC: orders, INVENTORY_TOPIC: inventory, INVENTORY_GROUP_ID: uniqueName('group') });
  const { stdout } = await cli.run('ledger');
  assert.match(
    stdout,
    /^aborted read \(Jepsen: aborted-read\): .*order ghost-0: a decision without an order\n {2}made on orders-\S+\/0@1 at /m,
  );
  assert.match(stdout, /^unexpected \(Jepsen: unexpected\): .*order ghost-1: .*\n {2}made on orders-\S+\/0@900, where nothing is; /m);
});
