/** Crashes in the very gaps that the safeguards are there for: between deciding, producing, committing offsets, and storing. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { orderRecords, produceAll } from '../support/produce.ts';
import { newPipeline, ServiceProcess } from '../support/service-process.ts';
import { balanced, checkAnalytics, sameAfterReplay } from './support/books.ts';
import { startWithFault } from './support/start-with-fault.ts';

const count = 600;
const behind = 30;

describe('a crash', { concurrency: true }, () => {
  for (const [where, point] of [
    ['when the decisions are written and the offsets are not', 'before producer.sendOffsets 3'],
    ['when all is in the transaction and it is not committed', 'before producer.commit 3'],
    ['when Kafka has committed and the store knows nothing of it', 'after producer.commit 3'],
  ] as const) {
    it(`${where}: nothing is lost, nothing decided twice, though all orders come again`, async () => {
      using pipeline = await newPipeline();
      await produceAll(pipeline.ordersTopic, orderRecords('o', count));
      await using first = await startWithFault('inventory', pipeline, point);
      assert.deepEqual(await first.exited, { code: null, signal: 'SIGKILL' });
      await using _second = await ServiceProcess.start('inventory', pipeline);
      await balanced(pipeline, count);
      // Behind all the old ones, in every partition, some that are new: when these are decided, the old ones have been looked at.
      await produceAll(pipeline.ordersTopic, [...orderRecords('o', count), ...orderRecords('behind', behind)]);
      await checkAnalytics(pipeline, await balanced(pipeline, count + behind));
    });
  }

  it('of analytics, when its store is ahead of the offsets in Kafka: it goes on where the store is, and takes it for no reset', async () => {
    using pipeline = await newPipeline();
    await produceAll(pipeline.ordersTopic, orderRecords('o', count));
    await using _inventory = await ServiceProcess.start('inventory', pipeline);
    const books = await balanced(pipeline, count);
    await using first = await startWithFault('analytics', pipeline, 'before consumer.commit 4');
    assert.deepEqual(await first.exited, { code: null, signal: 'SIGKILL' });
    await using second = await ServiceProcess.start('analytics', pipeline);
    await sameAfterReplay(second, books);
    assert.match(second.output, /the store goes on where it was/);
    assert.doesNotMatch(second.output, /the offset was reset from/);
  });

  it('is none, when the stop comes in the middle of a transaction: the batch is committed, the end is clean', async () => {
    using pipeline = await newPipeline();
    await produceAll(pipeline.ordersTopic, orderRecords('o', count));
    await using first = await startWithFault('inventory', pipeline, 'term producer.commit 3');
    // A stop that took more than 5 s would end with exit code 1.
    assert.deepEqual(await first.exited, { code: 0, signal: null });
    await using _second = await ServiceProcess.start('inventory', pipeline);
    await checkAnalytics(pipeline, await balanced(pipeline, count));
  });
});
