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
import { until } from '../support/until.ts';

/** A thread that runs on another processor stops a little later than the signal is sent; where there is no /proc, it is taken to have stopped. */
const standsStill = (pid: number): boolean =>
  !existsSync('/proc/self/task') ||
  readdirSync(`/proc/${pid}/task`).every((thread) => /^State:\s+T/m.test(readFileSync(`/proc/${pid}/task/${thread}/status`, 'utf8')));

const deadlineMs = 1000;
/** Longer than the deadline and its margin. */
const waitMs = 30_000;

it('a transaction that nobody answers is given up by its deadline', async () => {
  const home = mkdtempSync(join(tmpdir(), 'replayground-silent-'));
  const { KAFKA_BROKERS } = process.env;
  // It is stopped, so it is one of its own.
  await using kafka = await startBroker({ home, port: 0 });
  process.env.KAFKA_BROKERS = kafka.brokers;
  try {
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
    process.kill(kafka.pid, 'SIGSTOP');
    await until(() => standsStill(kafka.pid), { what: 'every thread of Kafka stands still' });
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
    process.kill(kafka.pid, 'SIGCONT');
    await Promise.all([consumer, ...producers].map((client) => client.close()));
  } finally {
    process.env.KAFKA_BROKERS = KAFKA_BROKERS;
    rmSync(home, { recursive: true, force: true });
  }
});
