/** Two processes that take themselves for the same instance, each in a LAB_HOME of its own: no lock keeps them apart, Kafka does. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { readAll } from '../../support/kafka.ts';
import { orderRecords, produceAll } from '../../support/produce.ts';
import { newPipeline, ServiceProcess } from '../../support/service-process.ts';
import { until } from '../../support/until.ts';

it('of two processes with one transactional id the first ends, naming the cause and what to do, and nothing is decided twice', async () => {
  using pipeline = await newPipeline();
  const { ordersTopic, inventoryTopic, inventoryGroup } = pipeline;
  await using first = await ServiceProcess.start('inventory', pipeline);
  let sent = 0;
  let isOver = false;
  const load = (async () => {
    for (; !isOver; sent += 20) {
      await produceAll(ordersTopic, orderRecords(`o-${sent}`, 20));
      await sleep(200);
    }
  })();
  try {
    await until(async () => (await readAll(inventoryTopic)).length > 0, { what: 'the first one decides' });
    const elsewhere = { ...pipeline, env: { ...pipeline.env, LAB_HOME: join(pipeline.home, 'elsewhere') } };
    await using _second = await ServiceProcess.start('inventory', elsewhere);
    const { code } = await first.exited;
    assert.equal(code, 1);
    const [fatal = ''] = first.output.split('\n').filter((line) => line.includes('"level":"fatal"'));
    assert.match(fatal, /"code":"fenced"/);
    assert.ok(fatal.includes(`another inventory-service took over as instance 1 of ${inventoryGroup}`), fatal);
    assert.match(fatal, /give each its own LAB_INSTANCE, or each lab its own INVENTORY_GROUP_ID \(.*(fenced|epoch).*\)"/i);
    isOver = true;
    await load;
    await until(async () => (await readAll(inventoryTopic)).length >= sent, {
      what: 'the second one decides on the rest',
    });
    const decided = (await readAll(inventoryTopic)).map(({ key }) => String(key));
    assert.equal(new Set(decided).size, decided.length);
  } finally {
    isOver = true;
    await load;
  }
});
