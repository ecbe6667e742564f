/** A Kafka that does not speak share groups: whoever wants to read in one is told so, and not left to wait. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { BridgeShareConsumer } from '../../../src/kafka/bridge/bridge-share-consumer.ts';
import { startBroker } from '../../../src/lab/broker/start.ts';

it('a poll on a broker without the feature is an error in one line, with what is missing', async () => {
  const home = mkdtempSync(join(tmpdir(), 'replayground-no-shares-'));
  try {
    await using kafka = await startBroker({ home, port: 0, formatArgs: ['--feature', 'share.version=0'] });
    await using consumer = new BridgeShareConsumer({ 'bootstrap.servers': kafka.brokers, 'group.id': 'g', log_level: 0 });
    await consumer.subscribe(['t']);
    await assert.rejects(
      async () => {
        for (;;) await consumer.poll(1000);
      },
      { code: 'share-groups', retriable: false, message: /^this Kafka does not speak share groups \(KIP-932: Kafka 4\.2 or newer/ },
    );
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});
