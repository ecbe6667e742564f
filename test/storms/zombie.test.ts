/** Two lives of one instance at once: the first stood still, was given up, and comes back. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { it } from 'node:test';
import { orderRecords, produceAll } from '../support/produce.ts';
import { newPipeline, ServiceProcess } from '../support/service-process.ts';
import { balanced, checkAnalytics } from './support/books.ts';
import { startWithFault } from './support/start-with-fault.ts';

const count = 600;

it('a zombie whose instance has a new life is fenced when it wants to write, says so, and ends', async () => {
  using pipeline = await newPipeline();
  await produceAll(pipeline.ordersTopic, orderRecords('o', count));
  // With a batch decided, before its transaction: what it will do next is write.
  await using zombie = await startWithFault('inventory', pipeline, 'freeze producer.begin 3');

  // Another folder, since this one is locked by the first life: as on another machine.
  const elsewhere = { ...pipeline, env: { ...pipeline.env, LAB_HOME: join(pipeline.home, 'elsewhere') } };
  await using _second = await ServiceProcess.start('inventory', elsewhere);
  await balanced(pipeline, count);

  zombie.child.kill('SIGCONT');
  assert.deepEqual(await zombie.exited, { code: 1, signal: null });
  assert.match(zombie.output, /another inventory-service took over as instance 1/);
  await checkAnalytics(pipeline, await balanced(pipeline, count));
});
