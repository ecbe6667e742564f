import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { dutyOf, growthNote, protocolFor } from '../../../src/pipeline/growth/partition-growth.ts';
import { KeptAlive } from '../../storms/support/kept-alive.ts';
import { growTopic, readAll } from '../../support/kafka.ts';
import { orderRecords, produceAll } from '../../support/produce.ts';
import { newPipeline } from '../../support/service-process.ts';
import { until } from '../../support/until.ts';

const growth = (begunWith: number, orders: number, inventory: number) => ({
  orders: { name: 'order-events', id: 'o', partitions: orders },
  inventory: { name: 'inventory-events', id: 'i', partitions: inventory },
  begunWith,
});

describe('what an instance does with the partitions that it is given', () => {
  const cases: [string, number[], ReturnType<typeof growth>, string][] = [
    ['on a topic as it was begun: reads them', [1], growth(3, 3, 3), 'read'],
    ['on one that grew, with all of them: reads', [0, 1, 2, 3, 4, 5], growth(3, 6, 6), 'read'],
    ['with some, the first among them: waits for the rest', [0, 1], growth(3, 6, 6), 'hold'],
    ['with others: leaves them', [2, 3], growth(3, 6, 6), 'stand-by'],
    ['with none: leaves', [], growth(3, 6, 6), 'stand-by'],
  ];
  for (const [what, assigned, state, duty] of cases) it(what, () => assert.equal(dutyOf(assigned, state), duty));

  it('goes by the protocol that has generations, on a topic that grew', () => {
    assert.equal(protocolFor(growth(3, 3, 3), 'consumer'), 'consumer');
    assert.equal(protocolFor(growth(3, 6, 6), 'consumer'), 'classic');
  });

  it('says what to do, in one line, and only where there is something to do', () => {
    assert.equal(growthNote(growth(3, 3, 3)), undefined);
    assert.equal(growthNote(growth(3, 3, 6)), undefined);
    assert.match(
      growthNote(growth(3, 6, 3)) ?? '',
      /has 6 partitions and inventory-events 3.*--alter --topic inventory-events --partitions 6/,
    );
    assert.match(growthNote(growth(3, 6, 6)) ?? '', /begun with 3 partitions and has 6.*--create --topic inventory-events --partitions 6/);
  });
});

it('partitions added while three instances run, old ids sent again meanwhile: each order is decided once', async () => {
  using pipeline = await newPipeline();
  const { ordersTopic, inventoryTopic } = pipeline;
  await using first = await KeptAlive.start('inventory', pipeline, 1);
  await using second = await KeptAlive.start('inventory', pipeline, 2);
  await using third = await KeptAlive.start('inventory', pipeline, 3);
  const services = [first, second, third];
  const decided = async () => (await readAll(inventoryTopic)).map(({ key }) => String(key));
  await produceAll(ordersTopic, orderRecords('o', 500));
  await until(async () => (await decided()).length === 500, { what: 'the first orders are decided' });

  await produceAll(ordersTopic, orderRecords('late', 500));
  await growTopic(ordersTopic, 6);
  // The orders of before, undecided ones among them: some of them in another partition now.
  await until(
    async () => {
      await produceAll(ordersTopic, orderRecords('late', 500));
      return new Set((await readAll(ordersTopic)).map(({ partition }) => partition)).size === 6;
    },
    { what: 'orders come in all partitions' },
  );
  const health = () => Promise.all(services.map(({ current }) => current.get<{ status: string; notes: string[] }>('/health')));
  await until(async () => (await health()).every(({ status }) => status.includes(`--alter --topic ${inventoryTopic} --partitions 6`)), {
    what: 'all say what is missing',
  });

  await growTopic(inventoryTopic, 6);
  await produceAll(ordersTopic, [...orderRecords('o', 500), ...orderRecords('new', 500)]);
  await until(async () => new Set(await decided()).size === 1500, { what: 'every order is decided' });
  assert.equal((await decided()).length, 1500, 'none twice');
  await until(
    async () => (await health()).every(({ notes }) => notes.some((note) => note.includes('was begun with 3 partitions and has 6'))),
    {
      what: 'all say why one decides alone',
    },
  );

  // The one that decides is gone: another takes its place.
  const owners = async () =>
    (
      await Promise.all(services.map(({ current }) => current.get<{ partitions: number[] }>('/health').catch(() => ({ partitions: [] }))))
    ).map(({ partitions }) => partitions.length);
  const owner = await until(
    async () => {
      const index = (await owners()).indexOf(6);
      return index < 0 ? undefined : services[index];
    },
    { what: 'one owns every partition' },
  );
  await owner.stop('SIGKILL');
  await produceAll(ordersTopic, [...orderRecords('late', 500), ...orderRecords('last', 500)]);
  await until(async () => new Set(await decided()).size === 2000, { what: 'another one goes on' });
  assert.equal((await decided()).length, 2000, 'none twice');
});
