/** The topics themselves change under load; the long form is ./lab run topic-storm. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Metrics } from '../../src/pipeline/analytics/metrics.ts';
import { createTopicNamed, deleteBefore, deleteTopic, growTopic, readAll } from '../support/kafka.ts';
import { orderRecords, produceAll } from '../support/produce.ts';
import { newPipeline } from '../support/service-process.ts';
import { openTransaction } from '../support/stranger.ts';
import { until } from '../support/until.ts';
import { KeptAlive } from './support/kept-alive.ts';
import { stormSeed } from './support/storm-seed.ts';

const ordersBetween = 200;
const drainMs = 120_000;

test('topics are grown, made anew, cut short and held up by strangers: every order is decided, none twice', async (t) => {
  const random = stormSeed(t);
  using pipeline = await newPipeline();
  const { ordersTopic, inventoryTopic } = pipeline;
  await using _first = await KeptAlive.start('inventory', pipeline, 1);
  await using _second = await KeptAlive.start('inventory', pipeline, 2);
  await using analytics = await KeptAlive.start('analytics', pipeline);
  let sent = 0;
  let partitions = 3;
  /** New orders, and the last ones again: they may stand in another partition by now. */
  const send = async (): Promise<void> => {
    const old = Math.max(0, sent - ordersBetween);
    await produceAll(ordersTopic, [...orderRecords(`o${sent}`, ordersBetween), ...orderRecords(`o${old}`, sent === 0 ? 0 : ordersBetween)]);
    sent += ordersBetween;
  };
  const decided = async () => (await readAll(inventoryTopic)).map(({ key }) => String(key));
  const drained = () =>
    until(async () => new Set(await decided()).size === sent, { what: `${sent} orders are decided`, deadlineMs: drainMs });

  const changes = {
    'a stranger leaves a transaction open': async () => {
      await using stranger = await openTransaction(random.pick([ordersTopic, inventoryTopic]), random.whole(0, partitions - 1));
      await send();
      await delay(random.whole(500, 2000));
      await stranger.abort();
    },
    'records that were decided on are deleted': async () => {
      await drained();
      const partition = random.whole(0, partitions - 1);
      const records = (await readAll(ordersTopic)).filter((record) => record.partition === partition);
      if (records.length > 0) await deleteBefore(ordersTopic, partition, records.at(random.whole(0, records.length - 1))?.offset ?? 0);
    },
    'partitions are added': async () => {
      partitions += random.whole(1, 2);
      await growTopic(inventoryTopic, partitions);
      await growTopic(ordersTopic, partitions);
    },
    'the orders are made anew, for larger records of any time': async () => {
      await drained();
      await deleteTopic(ordersTopic);
      const config = { 'max.message.bytes': '20000000', 'message.timestamp.after.max.ms': '9223372036854775807' };
      await until(() => createTopicNamed(ordersTopic, partitions, config).then(() => true), { what: 'the topic is there again' });
    },
  };
  await send();
  const names = Object.keys(changes) as (keyof typeof changes)[];
  for (const [left] of names.entries()) {
    const [name] = names.splice(random.whole(left, names.length - 1), 1) as [keyof typeof changes];
    names.unshift(name);
    t.diagnostic(name);
    await changes[name]();
    await until(() => send().then(() => true), { what: 'orders can be sent again' });
    await send();
  }
  await drained();
  assert.equal((await decided()).length, sent, 'decided twice');
  await until(
    async () => {
      const now = await analytics.current.get<Metrics>('/metrics');
      return now.lag === 0 && now.total_reservations === sent;
    },
    { what: 'analytics has counted every decision', deadlineMs: drainMs },
  );
});
