/** A Kafka that stands still: its connections stay up, and it answers nothing. librdkafka alone would wait for ever (#5456, #5511). */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { BridgeConsumer } from '../../src/kafka/bridge/bridge-consumer.ts';
import { BridgeProducer } from '../../src/kafka/bridge/bridge-producer.ts';
import { startBroker } from '../../src/lab/broker/start.ts';
import { bridgeConfig, limits, readerConfig, textRecords } from '../support/bridge.ts';
import { createTopic } from '../support/kafka.ts';

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
    const producer = new BridgeProducer(bridgeConfig({ 'transactional.id': 'silent' }));
    await producer.initTransactions(20_000);
    const consumer = new BridgeConsumer(readerConfig());
    await consumer.subscribe([topic]);
    for (let owned = false; !owned; ) {
      for (const step of (await consumer.consume(limits)).rebalances) {
        await consumer.answer(step);
        owned = true;
      }
    }
    const transact = () =>
      producer.transact(textRecords(producer, topic, 'a', 10), [{ topic, partition: 0, offset: 1 }], consumer, deadlineMs);
    await transact();
    process.kill(kafka.pid, 'SIGSTOP');
    const late = setTimeout(waitMs, 'still waiting', { ref: false });
    assert.equal(await Promise.race([transact().catch(({ code }) => code), late]), 'kafka-deadline');
    process.kill(kafka.pid, 'SIGCONT');
    await Promise.all([consumer.close(), producer.close()]);
  } finally {
    process.env.KAFKA_BROKERS = KAFKA_BROKERS;
    rmSync(home, { recursive: true, force: true });
  }
});
