import assert from 'node:assert/strict';
import { after, before, describe, it, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Metrics } from '../../../src/pipeline/analytics/metrics.ts';
import { decisionRecords } from '../../support/decisions.ts';
import { growTopic } from '../../support/kafka.ts';
import { orderRecords, produceAll } from '../../support/produce.ts';
import { newPipeline, type Pipeline, ServiceProcess } from '../../support/service-process.ts';
import { until } from '../../support/until.ts';

const whole = (service: ServiceProcess, orders: number): Promise<Metrics> =>
  until(
    async () => {
      const now = await service.get<Metrics>('/metrics');
      return now.lag === 0 && now.missing === undefined && now.total_orders === orders && now.total_reservations === orders && now;
    },
    { what: `the whole of ${orders} orders` },
  );

type Replayed = { state: string; identical: boolean; total: number; after: Metrics };

const replayed = (service: ServiceProcess, id: string): Promise<Replayed> =>
  until(
    async () => {
      const now = await service.get<Replayed>(`/replay/${id}`);
      return now.state === 'done' && now;
    },
    { what: 'the replay is over' },
  );

describe('several instances of analytics-service', () => {
  let pipeline: Pipeline;
  const instances = new Map<number, ServiceProcess>();
  const start = async (instance: number): Promise<ServiceProcess> => {
    const service = await ServiceProcess.start('analytics', pipeline, instance);
    instances.set(instance, service);
    return service;
  };
  const instance = (number: number): ServiceProcess => instances.get(number) as ServiceProcess;
  const running = (): ServiceProcess[] => [...instances.values()];
  const send = async (prefix: string, count: number): Promise<void> => {
    await produceAll(pipeline.ordersTopic, orderRecords(prefix, count));
    await produceAll(pipeline.inventoryTopic, decisionRecords(prefix, count));
  };
  const shares = async (): Promise<number[]> => {
    const all = await Promise.all(running().map((service) => service.get<{ partitions: number }>('/health')));
    return all.map(({ partitions }) => partitions).sort();
  };
  let alone: Metrics;

  before(async () => {
    pipeline = await newPipeline();
    await send('o', 3000);
    await start(1);
    alone = await whole(instance(1), 3000);
  });
  after(async () => {
    for (const service of running()) await service[Symbol.asyncDispose]();
    pipeline[Symbol.dispose]();
  });

  it('share the partitions, and each answers for the whole, with the digest of one', async () => {
    await start(2);
    await start(3);
    await until(async () => String(await shares()) === '2,2,2', { what: 'each owns one partition of both topics' });
    for (const service of running()) {
      const { digest, position, failed_orders } = await whole(service, 3000);
      assert.equal(digest, alone.digest);
      assert.deepEqual(position, alone.position);
      assert.equal(failed_orders, alone.failed_orders);
    }
    await send('p', 1500);
    const answers = await Promise.all(running().map((service) => whole(service, 4500)));
    assert.equal(new Set(answers.map(({ digest }) => digest)).size, 1);
    alone = answers[0] as Metrics;
  });

  it('say what is missing while one of them is away, and are whole again when another has its partitions', async () => {
    await instance(3).kill();
    instances.delete(3);
    await send('q', 300);
    const partial = await until(
      async () => {
        const now = await instance(1).get<Metrics>('/metrics');
        return now.missing && now;
      },
      { what: 'a partition is missing' },
    );
    assert.equal(partial.missing?.length, 1);
    assert.ok((partial.lag ?? 0) > 0);
    const answers = await Promise.all(running().map((service) => whole(service, 4800)));
    assert.equal(new Set(answers.map(({ digest }) => digest)).size, 1);
    alone = answers[0] as Metrics;
  });

  it('replay together, asked by any of them, while one is killed and another joins', async () => {
    await start(3);
    const answer = await until(
      async () => {
        const response = await instance(2).post('/replay');
        return response.status === 200 && ((await response.json()) as { id: string; before: Metrics });
      },
      { what: 'the replay is taken' },
    );
    assert.equal(answer.before.digest, alone.digest);
    await send('r', 200);
    await instance(1).kill();
    await start(1);
    for (const service of running()) {
      const replay = await replayed(service, answer.id);
      assert.equal(replay.identical, true);
      assert.equal(replay.after.digest, alone.digest);
    }
    const answers = await Promise.all(running().map((service) => whole(service, 5000)));
    assert.equal(new Set(answers.map(({ digest }) => digest)).size, 1);
    alone = answers[0] as Metrics;
  });

  it('compare the whole or nothing while partitions move: one joins, another leaves and comes back', async () => {
    const asked = running().filter((service) => service !== instance(2));
    const begun: { id: string; before: Metrics }[] = [];
    let areMoving = true;
    const asking = asked.map(async (service) => {
      while (areMoving) {
        const response = await service.post('/replay');
        const answer = (await response.json()) as { id: string; before: Metrics };
        if (response.status === 200) begun.push(answer);
        else assert.equal(response.status, 409);
        await delay(50);
      }
    });
    await start(4);
    await instance(2).kill('SIGTERM');
    await start(2);
    await until(async () => String(await shares()) === '0,2,2,2' && begun.length > 0, {
      what: 'all partitions have owners, and a replay began',
    });
    areMoving = false;
    await Promise.all(asking);
    for (const { id, before } of begun) {
      assert.deepEqual([before.missing, before.total_orders, before.digest], [undefined, 5000, alone.digest]);
      const { identical, total, after } = await replayed(instance(1), id);
      assert.deepEqual([identical, total, after.digest], [true, 10_000, alone.digest]);
      const { readings } = before;
      assert.ok(Object.entries(after.readings).every(([partition, reading]) => reading === id && readings[partition] !== id));
    }
  });

  it('give the same digest as one instance that reads the log from its beginning', async () => {
    for (const service of running()) await service.kill('SIGTERM');
    instances.clear();
    const fresh = { ...pipeline, env: { ...pipeline.env, ANALYTICS_GROUP_ID: `${pipeline.analyticsGroup}-fresh` } };
    const one = await ServiceProcess.start('analytics', fresh, 9);
    instances.set(9, one);
    assert.equal((await whole(one, 5000)).digest, alone.digest);
  });

  it('compare the whole where the one that is asked was given all partitions a moment ago, and had read nothing of them', async () => {
    for (const service of running()) await service.kill('SIGTERM');
    instances.clear();
    const one = await start(10);
    const { id, before } = (await (await one.post('/replay')).json()) as { id: string; before: Metrics };
    assert.deepEqual([before.total_orders, before.digest], [5000, alone.digest]);
    const { identical, total } = await replayed(one, id);
    assert.deepEqual([identical, total], [true, 10_000]);
  });

  it('count all that comes in while replays end', async () => {
    await start(11);
    await start(12);
    await until(async () => String(await shares()) === '2,2,2', { what: 'each owns one partition of both topics' });
    let [sent, isOver] = [0, false];
    const sending = (async () => {
      for (; !isOver; sent += 30) await send(`s${sent}-`, 30);
    })();
    try {
      for (let replays = 0; replays < 8; replays += 1) {
        const { id } = await until(
          async () => {
            const response = await instance(11).post('/replay');
            return response.status === 200 && ((await response.json()) as { id: string });
          },
          { what: 'the replay is taken' },
        );
        assert.equal((await replayed(instance(12), id)).identical, true);
      }
    } finally {
      isOver = true;
      await sending;
    }
    for (const service of running()) await whole(service, 5000 + sent);
  });
});

test('where ids may stand in other partitions than their decisions one instance reads alone, and another takes over from it', async () => {
  using pipeline = await newPipeline();
  await growTopic(pipeline.inventoryTopic, 4);
  await produceAll(pipeline.ordersTopic, orderRecords('o', 500));
  await produceAll(pipeline.inventoryTopic, decisionRecords('o', 500));
  const partitionsOf = async (service: ServiceProcess) => (await service.get<{ partitions: number }>('/health')).partitions;
  await using first = await ServiceProcess.start('analytics', pipeline, 1);
  await until(async () => (await partitionsOf(first)) === 7, { what: 'the first one owns all' });
  await using second = await ServiceProcess.start('analytics', pipeline, 2);
  const alone = await whole(first, 500);
  assert.equal((await whole(second, 500)).digest, alone.digest);
  assert.deepEqual([await partitionsOf(first), await partitionsOf(second)], [7, 0]);
  await first.kill();
  await until(async () => (await partitionsOf(second)) === 7, { what: 'the second one owns all' });
  assert.equal((await whole(second, 500)).digest, alone.digest);
});
