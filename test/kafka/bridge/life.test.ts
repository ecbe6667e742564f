/** How clients of the bridge end and what they refuse: misuse, wrong configurations, worker threads, an exit in the middle, a full bin. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { Worker } from 'node:worker_threads';
import { execa } from 'execa';
import fc from 'fast-check';
import { BatchWriter } from '../../../src/kafka/bridge/batch-writer.ts';
import { BridgeConsumer } from '../../../src/kafka/bridge/bridge-consumer.ts';
import { BridgeProducer } from '../../../src/kafka/bridge/bridge-producer.ts';
import { bridgeVersion, type Notice, openConsumer, openProducer } from '../../../src/kafka/bridge/load.ts';
import { bridgeConfig, limits, readerConfig, readKeys, textRecords } from '../../support/bridge.ts';
import { createTopic } from '../../support/kafka.ts';
import { until } from '../../support/until.ts';

const closed = /the client is closed/;
const fixture = join(import.meta.dirname, 'fixtures', 'pump.ts');
const program = [process.execPath, ['--disable-warning=ExperimentalWarning']] as const;

describe('a client of the bridge', { concurrency: true }, () => {
  it('can be closed twice, at once and also with calls under way; afterwards it refuses everything', async () => {
    const topic = await createTopic('life', 1);
    const consumer = new BridgeConsumer(readerConfig());
    await consumer.assign([{ topic, partition: 0, offset: 0 }]);
    const reading = consumer.consume({ ...limits, withinMs: 60_000, untilEnd: false });
    const asked = Promise.allSettled([consumer.committed([{ topic, partition: 0 }], 500), consumer.watermarks({ topic, partition: 0 })]);
    const started = Date.now();
    await Promise.all([consumer.close(), consumer.close()]);
    await consumer.close();
    assert.ok(Date.now() - started < 5000, 'the read came back');
    assert.equal((await reading).count, 0);
    await asked;
    assert.throws(() => consumer.wake(), closed);
    await assert.rejects(consumer.consume(limits), closed);
    await assert.rejects(consumer.commit([{ topic, partition: 0, offset: 1 }]), closed);

    const producer = new BridgeProducer(bridgeConfig());
    const number = producer.topic(topic);
    const sent = producer.produce(textRecords(producer, topic, 'a', 10), 5000);
    await Promise.all([producer.close(), producer.close()]);
    assert.deepEqual((await sent).refused, []);
    assert.equal(producer.topic(topic), number);
    assert.throws(() => producer.topic('another'), closed);
    await assert.rejects(producer.produce(new BatchWriter(), 5000), closed);
    await assert.rejects(producer.begin(), closed);
  });

  it('wakes up from a read that waits', async () => {
    await using consumer = new BridgeConsumer(readerConfig());
    await consumer.assign([{ topic: await createTopic('life', 1), partition: 0, offset: 0 }]);
    const reading = consumer.consume({ ...limits, withinMs: 60_000, untilEnd: false });
    consumer.wake();
    assert.equal((await reading).count, 0);
  });

  it('refuses a configuration in one line that names it', () => {
    const refused = (name: string, value: string | number, words: RegExp) =>
      assert.throws(() => new BridgeConsumer(bridgeConfig({ 'group.id': 'g', 'security.protocol': 'ssl', [name]: value })), {
        code: 'kafka-error',
        message: words,
      });
    refused('no.such.name', 1, /^could not configure the client: No such configuration property: "no.such.name"$/);
    refused('session.timeout.ms', 'soon', /^could not configure the client: .*session\.timeout\.ms/);
    refused('ssl.ca.location', '/no/such/file', /^could not create the client: .*ssl\.ca\.location/);
    refused('security.protocol', 'ssh', /^could not configure the client: .*security\.protocol/);
    assert.throws(() => new BridgeProducer(bridgeConfig({ acks: 'most' })), { code: 'kafka-error' });
    assert.throws(() => new BridgeProducer({ rebalance_cb: (() => {}) as never }), /must be a string, a number or a boolean/);
  });

  it('tells of a Kafka that cannot be reached, in the call and as a notice', async () => {
    const notices: Notice[] = [];
    const onNotice = (notice: Notice) => notices.push(notice);
    await using consumer = new BridgeConsumer(bridgeConfig({ 'group.id': 'g', 'bootstrap.servers': '127.0.0.1:1' }), { onNotice });
    await assert.rejects(consumer.metadata(null, 500), {
      code: 'kafka-error',
      message: /^could not ask for metadata: Local: Broker transport failure$/,
    });
    await until(() => notices.some(({ kind, text }) => kind === 'error' && /refused/.test(text)), { what: 'the cause' });
    await using logging = new BridgeProducer(bridgeConfig({ debug: 'metadata', log_level: 7 }), { onNotice });
    await logging.metadata(null);
    await until(() => notices.some(({ kind, level }) => kind === 'log' && level === 7), { what: 'a line of the log' });
  });

  it('refuses arguments that are none, before anything is done', async () => {
    const raw = openConsumer(readerConfig(), true, () => {}) as unknown as Record<string, (...args: unknown[]) => unknown>;
    const producer = openProducer(bridgeConfig(), () => {}) as unknown as Record<string, (...args: unknown[]) => unknown>;
    const bytes = new Uint8Array(8);
    for (const args of [[], [null], [{}, {}, {}, {}, {}], [-1, -1, -1], [Number.NaN, {}, null], [1, bytes, bytes, bytes, 5]]) {
      for (const [client, methods] of [
        [raw, ['subscribe', 'assign', 'withPartitions', 'watermarks']],
        [producer, ['topic', 'produce', 'send', 'transact', 'sendOffsets', 'step']],
      ] as const) {
        for (const method of methods)
          await assert.rejects(async () => client[method]?.(...args), Error, `${method}(${JSON.stringify(args)})`);
      }
    }
    const other = openProducer(bridgeConfig(), () => {});
    await assert.rejects(
      async () => producer.sendOffsets?.([{ topic: 't', partition: 0, offset: 1 }], other, 100),
      /the consumer that they are of/,
    );
    await Promise.all([raw.close?.(), producer.close?.(100), other.close(100)]);
  });

  it('takes no batch that points outside of its memory, and no harm from any', async () => {
    const producer = openProducer(bridgeConfig({ 'bootstrap.servers': '127.0.0.1:1', 'message.timeout.ms': 1 }), () => {});
    producer.topic('fuzz');
    const small = fc.integer({ min: -3, max: 70 });
    const fields = fc.tuple(fc.integer({ min: -1, max: 1 }), fc.integer({ min: -2, max: 2 }), small, small, small, small, small);
    const batch = fc.tuple(
      fc.uint8Array({ maxLength: 64 }),
      fc.array(fc.oneof(fields, fc.tuple(...Array(7).fill(fc.integer()))), { maxLength: 4 }),
    );
    const answers: Promise<unknown>[] = [];
    fc.assert(
      fc.property(batch, ([bytes, records]) => {
        const numbers = Int32Array.from(records.flat() as number[]);
        try {
          answers.push(producer.produce(records.length, bytes, numbers, new Float64Array(records.length * 2).fill(Number.NaN), 0));
        } catch (error) {
          assert.match(String(error), /^TypeError: record \d+: its /);
        }
      }),
      { numRuns: 3000 },
    );
    assert.ok(answers.length > 0);
    await Promise.all(answers);
    await producer.close(100);
  });

  it('lives in several worker threads at once, and goes with a thread that is ended in the middle', async () => {
    const topic = await createTopic('life', 1);
    const start = (stop: string) =>
      new Worker(fixture, { workerData: { topic, stop }, execArgv: ['--disable-warning=ExperimentalWarning'] });
    const ended = (worker: Worker) =>
      new Promise<number>((resolve, reject) => {
        worker.once('exit', resolve);
        worker.once('error', reject);
      });
    const workers = [start('at-end'), start('at-end'), start('never')] as const;
    const ends = workers.map(ended);
    await Promise.race([new Promise((resolve) => workers[2].once('message', resolve)), ends[2]]);
    await workers[2].terminate();
    assert.deepEqual((await Promise.all(ends)).slice(0, 2), [0, 0]);
    assert.equal((await readKeys(topic, 1)).filter((key) => key.startsWith('end')).length, 2 * 200);
  });

  for (const [stop, code] of [
    ['exit-in-the-middle', 7],
    ['throw-in-the-middle', 1],
    ['forget', 0],
  ] as const) {
    it(`lets the process end by itself: ${stop}`, async () => {
      const topic = await createTopic('life', 1);
      const [node, flags] = program;
      const result = await execa(node, [...flags, '--expose-gc', fixture, topic, stop], { reject: false, timeout: 30_000 });
      assert.equal(result.signal, undefined, result.stderr);
      assert.equal(result.exitCode, code, result.stderr);
    });
  }

  it('has every codec of Kafka', () => {
    for (const codec of ['gzip', 'snappy', 'lz4', 'zstd']) assert.ok(bridgeVersion().features.includes(codec), codec);
  });
});
