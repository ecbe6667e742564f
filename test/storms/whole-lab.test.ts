/** A whole lab under orders by HTTP: its Kafka is killed, then everything at once, as by a power cut, in each group protocol; what was accepted is kept. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listProcesses } from '../../src/lab/processes/process-list.ts';
import { pipelineUrls } from '../../src/order-lab/client/require-pipeline.ts';
import { startOrderLoad } from '../../src/order-lab/scenario/load/order-load.ts';
import type { LabState } from '../../src/order-lab/wire/lab-state.ts';
import type { Metrics } from '../../src/pipeline/analytics/metrics.ts';
import { readAll } from '../support/kafka.ts';
import { startOwnLab, withLogs } from '../support/running-lab.ts';
import { until } from '../support/until.ts';
import { balanced } from './support/books.ts';

const topics = { ordersTopic: 'order-events', inventoryTopic: 'inventory-events' };

/** Seconds on a machine that is free; a whole lab starts again, some of it more than once, and others may want the machine too. */
const recoveryMs = 180_000;

test('Kafka killed, then everything killed at once, in each group protocol: after ./lab up every order that was answered by 200 is there, decided once', async (t) => {
  await using lab = await startOwnLab({}, ['--group-protocol', 'classic']);
  const stateOf = async () => JSON.parse(await lab.run('ps', '--json')) as LabState;
  let state = await stateOf();
  const stop = new AbortController();
  t.after(() => stop.abort());
  const load = startOrderLoad({ url: () => pipelineUrls(state).orders, ratePerSec: 100, runId: 'storm', signal: stop.signal });
  const acceptedAfter = (accepted: number) =>
    withLogs(
      lab,
      until(() => load.figures().accepted > accepted + 600, { what: 'orders are accepted again', deadlineMs: recoveryMs }),
    );
  await acceptedAfter(0);

  await lab.run('kill', 'kafka');
  await acceptedAfter(load.figures().accepted);

  const typeNow = async () => (JSON.parse(await lab.run('lag', '--json', 'inventory-service-group')) as { type: string }[])[0]?.type;
  let killed = 0;
  // It was up by the classic one: it comes back by the other, and everything is killed in that too.
  for (const before of ['Classic', 'Consumer']) {
    assert.equal(await typeNow(), before);
    const pids = [state.pid, ...(await stateOf()).processes.flatMap(({ pid }) => pid ?? [])];
    for (const pid of pids) process.kill(pid, 'SIGKILL');
    killed += pids.length;
    await until(async () => (await listProcesses()).every(({ pid }) => !pids.includes(pid)), { what: 'all is gone' });
    await lab.run('up', '--detach', '--group-protocol', 'consumer');
    state = await stateOf();
    await acceptedAfter(load.figures().accepted);
  }
  const figures = await withLogs(lab, load.finish(recoveryMs / 1000));
  assert.equal(figures.accepted, figures.orders);
  assert.ok(figures.sentAgain > 0, 'orders were sent again');

  process.env.KAFKA_BROKERS = state.brokers ?? '';
  const books = await withLogs(lab, balanced(topics, figures.orders, recoveryMs));
  const places = new Map((await readAll(topics.ordersTopic)).map(({ key, partition, offset }) => [`${partition}/${offset}`, String(key)]));
  for (let number = 1; number <= figures.orders; number += 1) {
    const place = load.placeOf(number);
    assert.equal(places.get(`${place?.partition}/${place?.offset}`), `storm-${number}`);
  }
  const { before, after, identical } = JSON.parse(await lab.run('replay', '--json')) as {
    before: Metrics;
    after: Metrics;
    identical: boolean;
  };
  assert.deepEqual([identical, after.digest], [true, before.digest]);
  assert.deepEqual(
    [after.total_orders, after.total_reservations, after.duplicates_ignored],
    [figures.orders, figures.orders, books.records - figures.orders],
  );
  t.diagnostic(
    `${figures.orders} orders in ${figures.requests} requests, ${figures.sentAgain} sent again, ${killed} processes killed, all at once`,
  );
});
