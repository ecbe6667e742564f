import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeOrder } from '../../../src/pipeline/events/order-placed.ts';
import { BurstIncomplete, type BurstOptions, publishBurst } from '../../../src/pipeline/orders/burst.ts';
import { burstProgress, burstSummary } from '../../../src/pipeline/orders/burst-lines.ts';
import { newRunId } from '../../../src/pipeline/orders/run-id.ts';
import { createTopic, headersOf, readAll, uniqueName } from '../../support/kafka.ts';
import { testSettings } from '../../support/settings.ts';

const options = (topic: string, changes: Partial<BurstOptions> = {}): BurstOptions => ({
  settings: testSettings(),
  topic,
  count: 10_000,
  failRate: 0,
  seed: 's',
  runId: newRunId(),
  ...changes,
});

const failureOf = (burst: Promise<unknown>): Promise<unknown> =>
  burst.then(
    () => assert.fail('the burst went through'),
    (error: unknown) => error,
  );

test('a burst is in the log exactly once each, in order per partition, readable, and counted exactly', async () => {
  const topic = await createTopic('burst');
  const progress: number[] = [];
  const result = await publishBurst(options(topic, { count: 25_300, failRate: 0.25, onProgress: (n) => progress.push(n) }));
  assert.equal(result.produced, 25_300);
  assert.deepEqual(
    progress,
    Array.from({ length: 25 }, (_, i) => (i + 1) * 1000),
  );
  const records = await readAll(topic);
  assert.equal(records.length, 25_300);
  const last = new Map<number, number>();
  let failed = 0;
  for (const record of records) {
    const decoded = decodeOrder(record.key as Buffer, record.value);
    assert.ok(decoded.ok);
    const number = Number(decoded.event.orderId.split('-')[1]);
    assert.ok(number > (last.get(record.partition) ?? 0));
    last.set(record.partition, number);
    if (decoded.event.status === 'failed') failed += 1;
  }
  assert.equal(new Set(records.map(({ key }) => String(key))).size, 25_300);
  assert.equal(last.size, 3);
  assert.ok(Math.abs(failed - 6325) < 400, `${failed} failed`);
  assert.equal(headersOf(records[0] as (typeof records)[0]).ce_source, '/replayground/order-service');
});

test('the same seed under another run gives the same orders with other ids', async () => {
  const topic = await createTopic('burst-seed', 1);
  for (let i = 0; i < 2; i += 1) await publishBurst(options(topic, { count: 200 }));
  const items = (await readAll(topic)).map(({ value }) => JSON.stringify(JSON.parse(String(value)).items));
  assert.deepEqual(items.slice(0, 200), items.slice(200));
});

test('a rate is kept', async () => {
  const topic = await createTopic('burst-rate');
  const { durationMs } = await publishBurst(options(topic, { count: 600, ratePerSec: 1000 }));
  assert.ok(durationMs > 590 && durationMs < 900, `${durationMs} ms for 600 orders at 1000/s`);
});

test('a burst that is stopped says exactly how many orders are in', async () => {
  const topic = await createTopic('burst-stop');
  const stop = new AbortController();
  const onProgress = (acknowledged: number) => acknowledged === 3000 && stop.abort();
  const burst = publishBurst(options(topic, { count: 1_000_000, onProgress, signal: stop.signal }));
  const error = await failureOf(burst);
  assert.ok(error instanceof BurstIncomplete);
  assert.equal((await readAll(topic)).length, error.delivered);
  assert.match(error.message, new RegExp(`^${error.delivered} of 1000000 orders are in ${topic}`));
});

test('orders that the topic refuses are told, and none is counted', async () => {
  const topic = await createTopic('burst-refused', 1, { 'max.message.bytes': '100' });
  const error = await failureOf(publishBurst(options(topic, { count: 1000 })));
  assert.ok(error instanceof BurstIncomplete);
  assert.equal(error.delivered, 0);
});

test('a topic that is missing is told at once', async () => {
  await assert.rejects(publishBurst(options(uniqueName('missing'))), { code: 'topic-missing' });
});

test('a burst says what it did in one line', () => {
  assert.equal(
    burstSummary({ produced: 10_000, durationMs: 110, eventsPerSec: 90_909.09 }),
    'Published 10000 events in 0.11s (90909 events/sec)',
  );
  assert.equal(burstProgress(3000, 10_000), 'Published 3000/10000');
});
