import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Metrics } from '../../../src/pipeline/analytics/metrics.ts';
import { decisionRecords } from '../../support/decisions.ts';
import { headersOf, readAll } from '../../support/kafka.ts';
import { orderRecords, produceAll } from '../../support/produce.ts';
import { newPipeline, type Pipeline, ServiceProcess } from '../../support/service-process.ts';
import { until } from '../../support/until.ts';

const count = 1500;
describe('analytics-service', () => {
  let pipeline: Pipeline;
  let service: ServiceProcess;
  const metrics = () => service.get<Metrics>('/metrics');
  const seen = (lag = 0) =>
    until(
      async () => {
        const now = await metrics();
        return now.lag === lag && now.total_orders >= count && now.replay.state === 'idle' && now;
      },
      { what: 'everything seen' },
    );
  const replayed = async (to: unknown) => {
    const { id } = (await (await service.post('/replay', { to })).json()) as { id: string };
    return until(
      async () => {
        const replay = await service.get(`/replay/${id}`);
        return replay.state === 'done' && replay;
      },
      { what: 'the replay is over' },
    );
  };

  before(async () => {
    pipeline = await newPipeline({ REPORT_INTERVAL_SEC: '1' });
    await produceAll(pipeline.ordersTopic, orderRecords('o', count));
    await produceAll(pipeline.inventoryTopic, [...decisionRecords('o', count), { key: 'x', value: '?', headers: { colour: 'red' } }]);
    service = await ServiceProcess.start('analytics', pipeline);
  });
  after(async () => {
    await service[Symbol.asyncDispose]();
    pipeline[Symbol.dispose]();
  });

  it('serves the contract of the topics with the names it works by', async () => {
    const { channels, operations } = await service.get<Record<string, Record<string, Record<string, unknown>>>>('/asyncapi.json');
    assert.equal(channels?.decisions?.address, pipeline.inventoryTopic);
    assert.match(JSON.stringify(operations?.analyticsServiceReadsDecisions), new RegExp(`"const":"${pipeline.analyticsGroup}"`));
    const { externalDocs } = await service.get<{ externalDocs: { url: string } }>('/openapi.json');
    assert.equal(externalDocs.url, '/asyncapi.json');
  });

  it('answers with every documented field', async () => {
    const now = await seen();
    assert.deepEqual(Object.keys(now).sort(), [
      'as_of',
      'average_orders_per_minute',
      'conflicting_orders',
      'conflicts',
      'current_orders_per_minute',
      'dead_letters',
      'decided_orders',
      'decided_twice',
      'digest',
      'duplicates_ignored',
      'failed_orders',
      'failed_reservations',
      'failure_rate',
      'failure_rate_pct',
      'lag',
      'older_minutes',
      'order_failure_rate',
      'order_failure_rate_pct',
      'orders_by_minute',
      'orders_per_min',
      'orders_per_minute',
      'position',
      'readings',
      'replay',
      'total_orders',
      'total_reservations',
    ]);
    assert.equal(now.total_orders, count);
    assert.equal(now.total_reservations, count);
    assert.equal(now.failed_reservations, count / 10);
    assert.equal(now.failure_rate, 0.1);
    assert.equal(now.dead_letters, 1);
    assert.deepEqual(now.orders_per_minute, { '2026-01-05T10:20:00Z': count });
    assert.equal(now.orders_per_min, 0);
    const read = Object.values(now.position[pipeline.ordersTopic] ?? {}).reduce((sum, offset) => sum + offset, 0);
    assert.equal(read, count);
  });

  it('speaks Prometheus to a caller that asks for it first, JSON to all others', async () => {
    const typeFor = async (accept: string) => {
      const answer = await fetch(`http://127.0.0.1:${service.port}/metrics`, { headers: { accept } });
      return { type: answer.headers.get('content-type') ?? '', text: await answer.text() };
    };
    const scraper = 'application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.2,*/*;q=0.1';
    for (const accept of ['text/plain', scraper, 'text/plain;version=0.0.4, application/json;q=0.5']) {
      const { type, text } = await typeFor(accept);
      assert.match(type, /^text\/plain/, accept);
      assert.match(text, new RegExp(`^replayground_orders\\{service="analytics-service"\\} ${count}$`, 'm'));
      assert.match(text, /^replayground_end_to_end_seconds\{.*\} (NaN|[\d.]+)$/im);
      assert.match(text, new RegExp(`^kafka_consumergroup_lag_sum\\{.*consumergroup="${pipeline.analyticsGroup}".*\\} 0$`, 'm'));
    }
    for (const accept of ['*/*', 'application/json', 'text/html,application/xhtml+xml,*/*;q=0.8', 'application/json, text/plain']) {
      assert.match((await typeFor(accept)).type, /^application\/json/, accept);
    }
  });

  it('writes the report to stdout and to metrics.txt, and a line every 1000 orders', async () => {
    await seen();
    const file = join(pipeline.home, 'results', 'metrics.txt');
    await until(() => existsSync(file) && readFileSync(file, 'utf8').includes(`Total orders:           ${count}`), {
      what: 'the report is written',
    });
    await until(() => service.output.includes('=== Order metrics ===') && service.output.includes('Processed 1000 orders'), {
      what: 'both on stdout',
    });
  });

  it('writes the dead letter of a decision it cannot read', async () => {
    await seen();
    const [letter, ...more] = await readAll(`${pipeline.inventoryTopic}.dlq`);
    assert.equal(more.length, 0);
    assert.equal(String(letter?.value), '?');
    assert.equal(letter && headersOf(letter).colour, 'red');
    assert.equal(letter && headersOf(letter)['__replayground.errors.group'], pipeline.analyticsGroup);
  });

  const targets: [string, () => unknown][] = [
    ['the beginning', () => 'earliest'],
    ['a time', () => '2026-01-05T10:20:30Z'],
    ['a time before 1970, which is the beginning', () => '1969-12-31T23:59:59.999Z'],
    ['a time after the last record, where nothing is read again', () => '2999-01-01T00:00:00Z'],
    ['offsets of some partitions', () => ({ [pipeline.ordersTopic]: { 0: 5, 2: 100 }, [pipeline.inventoryTopic]: { 1: 0 } })],
  ];
  for (const [what, target] of targets) {
    it(`replays from ${what} to the same digest, and keeps both reports`, async () => {
      const { digest } = await seen();
      const replay = await replayed(target());
      assert.equal(replay.identical, true);
      assert.equal(replay.total === 0, what.startsWith('a time after'));
      assert.equal((replay.after as Metrics).digest, digest);
      assert.equal((await seen()).digest, digest);
      for (const name of ['metrics_initial.txt', 'metrics_after_replay.txt']) {
        assert.ok(readFileSync(join(pipeline.home, 'results', name), 'utf8').includes(digest), name);
      }
    });
  }

  it('takes a request for a replay straight after a start, when it does not own its partitions yet', async () => {
    const { digest } = await seen();
    await service.kill('SIGTERM');
    service = await ServiceProcess.start('analytics', pipeline);
    const replay = await replayed('earliest');
    assert.deepEqual([replay.identical, (replay.after as Metrics).digest], [true, digest]);
  });

  it('refuses a target that it cannot go to', async () => {
    await seen();
    const statusOf = async (to: unknown) => (await service.post('/replay', { to })).status;
    assert.equal(await statusOf('yesterday'), 422);
    assert.equal(await statusOf({ 'no-topic': { 0: 0 } }), 422);
    assert.equal(await statusOf({ [pipeline.ordersTopic]: { 9: 0 } }), 422);
    assert.equal(await statusOf({ [pipeline.ordersTopic]: { 0: -1 } }), 400);
    assert.equal(await statusOf(7), 400);
    assert.equal((await fetch(`http://127.0.0.1:${service.port}/replay/none`)).status, 404);
    await seen();
  });

  for (const [what, harm] of [
    ['deleted', (file: string) => rmSync(file)],
    ['overwritten', (file: string) => writeFileSync(file, 'not a database at all, but as long as one page of it'.repeat(200))],
  ] as const) {
    it(`has the same digest when its state was ${what}`, async () => {
      const { digest } = await seen();
      assert.deepEqual(await service.kill('SIGTERM'), { code: 0, signal: null });
      harm(join(pipeline.home, 'state', 'analytics-service.1', 'view.db'));
      service = await ServiceProcess.start('analytics', pipeline);
      assert.equal((await seen()).digest, digest);
      assert.equal((await readAll(`${pipeline.inventoryTopic}.dlq`)).length, 1);
    });
  }

  it('reads a group without commits as one reset to earliest', async () => {
    const { digest } = await seen();
    await service.kill('SIGTERM');
    const other = { ...pipeline, env: { ...pipeline.env, ANALYTICS_GROUP_ID: `${pipeline.analyticsGroup}-new` } };
    service = await ServiceProcess.start('analytics', other);
    await until(() => service.output.match(/reset to earliest/g)?.length === 6, { what: 'all six partitions are read again' });
    assert.equal((await seen()).digest, digest);
  });
});
