import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createTopic, readAll } from '../../support/kafka.ts';
import { produceAll } from '../../support/produce.ts';
import { newCli } from '../../support/run-cli.ts';

describe('./lab burst', () => {
  it('sends so many orders, tells every 1000, and ends with what it measured', async () => {
    const topic = await createTopic('burst');
    using cli = newCli({ ORDERS_TOPIC: topic });
    const { stdout, exitCode } = await cli.run('burst', '3000', '--fail-rate', '0.5', '--seed', 's');
    assert.equal(exitCode, 0);
    assert.match(
      stdout,
      /^Published 1000\/3000\nPublished 2000\/3000\nPublished 3000\/3000\nPublished 3000 events in \d+\.\d\ds \(\d+ events\/sec\)$/,
    );
    const orders = (await readAll(topic)).map(({ value }) => JSON.parse(String(value)));
    assert.equal(new Set(orders.map(({ orderId }) => orderId)).size, 3000);
    const failed = orders.filter(({ status }) => status === 'failed').length;
    assert.ok(failed > 1300 && failed < 1700, `${failed} of 3000 failed`);
  });

  it('keeps to a rate and answers as the HTTP API does', async () => {
    const topic = await createTopic('rate');
    using cli = newCli({ ORDERS_TOPIC: topic });
    const { stdout } = await cli.run('burst', '100', '--rate', '100/s', '--json');
    const { produced, remaining_in_queue, duration_ms, events_per_sec, run_id } = JSON.parse(stdout);
    assert.deepEqual([produced, remaining_in_queue, typeof run_id], [100, 0, 'string']);
    assert.ok(duration_ms > 900 && events_per_sec <= 110, `${duration_ms} ms, ${events_per_sec}/s`);
  });

  it('refuses what it cannot do, in one line', async () => {
    using cli = newCli();
    for (const args of [['many'], ['0'], ['-1'], ['1.5'], ['10', '--rate', 'fast'], ['10', '--fail-rate', '2']]) {
      const { exitCode, stderr } = await cli.run('burst', ...args);
      assert.equal(exitCode, 2, args.join(' '));
      assert.doesNotMatch(stderr, /at .*\.ts/);
    }
  });
});

describe('./lab tail', () => {
  it('shows the last records, those of a key, or those from a point on', async () => {
    const topic = await createTopic('tail', 2);
    using cli = newCli();
    const start = Date.now() - 60_000;
    const record = (index: number) => ({
      key: `k${index}`,
      value: `{"n":${index}}`,
      partition: index % 2,
      timestamp: start + index * 1000,
    });
    await produceAll(
      topic,
      Array.from({ length: 10 }, (_, index) => record(index)),
    );
    const numbers = async (...args: string[]) => {
      const { stdout, stderr, exitCode } = await cli.run('tail', topic, ...args, '--json');
      assert.equal(exitCode, 0, stderr);
      return stdout
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line).value.n);
    };
    assert.deepEqual(await numbers('-n', '3'), [7, 8, 9]);
    assert.deepEqual((await numbers('--from', 'earliest', '-e')).sort(), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    assert.deepEqual(await numbers('--from', 'earliest', '-e', '--key', 'k4'), [4]);
    assert.deepEqual(await numbers('--from', '3', '-e', '--partition', '1'), [7, 9]);
    assert.deepEqual(await numbers('--from', '0', '-n', '2', '--partition', '0'), [0, 2]);
    // One in each partition: Kafka orders records within a partition only.
    assert.deepEqual((await numbers('--from', new Date(start + 8000).toISOString(), '-e')).sort(), [8, 9]);
  });

  it('says what is wrong with the arguments', async () => {
    using cli = newCli();
    assert.match((await cli.run('tail', 'no-such-topic')).stderr, /there is no topic 'no-such-topic'/);
    assert.equal((await cli.run('tail', 't', '--from', 'yesterday')).exitCode, 2);
  });
});
