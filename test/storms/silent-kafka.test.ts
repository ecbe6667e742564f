/** A Kafka that stands still: its connections stay up, and it answers nothing. librdkafka alone would wait for ever (#5456, #5511). */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { BridgeConsumer } from '../../src/kafka/bridge/bridge-consumer.ts';
import type { BridgeProducer } from '../../src/kafka/bridge/bridge-producer.ts';
import { startBroker } from '../../src/lab/broker/start.ts';
import { joinGroup, readerConfig, textRecords, transactional } from '../support/bridge.ts';
import { createTopic } from '../support/kafka.ts';
import { orderRecords, produceAll } from '../support/produce.ts';
import { newPipeline, ServiceProcess } from '../support/service-process.ts';
import { until } from '../support/until.ts';
import { balanced, readBooks } from './support/books.ts';

/** A thread that runs on another processor stops a little later than the signal is sent; where there is no /proc, it is taken to have stopped. */
const standsStill = (pid: number): boolean =>
  !existsSync('/proc/self/task') ||
  readdirSync(`/proc/${pid}/task`).every((thread) => /^State:\s+T/m.test(readFileSync(`/proc/${pid}/task/${thread}/status`, 'utf8')));

const deadlineMs = 1000;
/** Longer than the deadline and its margin. */
const waitMs = 30_000;

/** It is stopped, so it is one of its own. */
async function withKafka(use: (kafka: { stop: () => Promise<unknown>; goOn: () => unknown }) => Promise<void>): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'replayground-silent-'));
  const { KAFKA_BROKERS } = process.env;
  await using kafka = await startBroker({ home, port: 0 });
  process.env.KAFKA_BROKERS = kafka.brokers;
  const stop = (): Promise<unknown> => {
    process.kill(kafka.pid, 'SIGSTOP');
    return until(() => standsStill(kafka.pid), { what: 'every thread of Kafka stands still' });
  };
  try {
    await use({ stop, goOn: () => process.kill(kafka.pid, 'SIGCONT') });
  } finally {
    process.env.KAFKA_BROKERS = KAFKA_BROKERS;
    rmSync(home, { recursive: true, force: true });
  }
}

it('a transaction that nobody answers is given up by its deadline', () =>
  withKafka(async ({ stop, goOn }) => {
    const topic = await createTopic('silent', 1);
    const consumer = new BridgeConsumer(readerConfig());
    await joinGroup(consumer, topic);
    const offsets = [{ topic, partition: 0, offset: 1 }];
    const producers = await Promise.all(['whole', 'offsets', 'commit'].map((id) => transactional(id)));
    const [whole, withOffsets, withCommit] = producers as [BridgeProducer, BridgeProducer, BridgeProducer];
    const records = (producer: BridgeProducer) => textRecords(producer, topic, 'a', 10);
    for (const producer of producers) await producer.transact(records(producer), offsets, consumer, 20_000);
    for (const producer of [withOffsets, withCommit]) {
      await producer.begin();
      await producer.send(records(producer), 20_000);
    }
    await withCommit.sendOffsets(offsets, consumer, 20_000);
    await stop();
    const outcome = (call: Promise<void>) =>
      Promise.race([call.then(String, ({ code }) => code), setTimeout(waitMs, 'still waiting', { ref: false })]);
    // librdkafka keeps to its time but where it puts the offsets in: there, our own deadline ends the wait.
    assert.deepEqual(
      await Promise.all([
        outcome(whole.transact(records(whole), offsets, consumer, deadlineMs)),
        outcome(withOffsets.sendOffsets(offsets, consumer, deadlineMs)),
        outcome(withCommit.commit(deadlineMs)),
      ]),
      ['kafka-error', 'kafka-deadline', 'kafka-error'],
    );
    goOn();
    await Promise.all([consumer, ...producers].map((client) => client.close()));
  }));

// A late EndTxn could end the next transaction of the same producer epoch (KAFKA-17754), so there is none: the next life has another epoch.
it('a service whose transaction nobody answers ends, and its next life loses nothing and repeats nothing', () =>
  withKafka(async ({ stop, goOn }) => {
    const count = 2000;
    using pipeline = await newPipeline({ CONSUMER_THROTTLE_MS: '3' });
    await produceAll(pipeline.ordersTopic, orderRecords('o', count));
    await using first = await ServiceProcess.start('inventory', pipeline);
    await until(async () => (await readBooks(pipeline)).lost.length < count, { what: 'it is at work' });
    await stop();
    await until(() => first.child.exitCode !== null, { what: 'the service ends' }).finally(goOn);
    assert.equal((await first.exited).code, 1);
    assert.match(first.output, /"level":"fatal".*(no answer within|timed out)/i);
    await using _next = await ServiceProcess.start('inventory', pipeline);
    await balanced(pipeline, count);
  }));
