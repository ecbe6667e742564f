import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  burstCommand,
  offsetsCommand,
  recordCommand,
  redriveCommand,
  replayCommand,
  settingsCommand,
} from '../../../src/order-lab/commands/write-commands.ts';
import type { Pipeline, Terminal } from '../../../src/order-lab/wire/all.ts';

const here: Terminal = { labHome: null, brokers: '127.0.0.1:9092' };
const pipeline = { analyticsGroup: 'seen', ordersTopic: 'o', inventoryTopic: 'i' } as Pipeline;

test('each control names the command that does the same', () => {
  assert.equal(
    burstCommand(here, { count: 500, ratePerSec: 100, failRate: 0.1, seed: "it's" }).lab,
    String.raw`./lab burst 500 --rate 100/s --fail-rate 0.1 --seed 'it'\''s'`,
  );
  assert.equal(redriveCommand(here, { topic: 'order-events', letters: ['0:1'] }).lab, './lab dlq redrive order-events 0:1 --execute');
  assert.deepEqual(
    offsetsCommand(here, 'reset', { group: 'g', target: { to: 'datetime', at: '2026-11-20T20:30:00Z' }, topics: ['t:0,1'] }),
    {
      lab: './lab offsets reset --group g --topic t:0,1 --to-datetime 2026-11-20T20:30:00Z --execute',
      kafka:
        './lab kafka consumer-groups --bootstrap-server 127.0.0.1:9092 --reset-offsets --group g --topic t:0,1 --to-datetime 2026-11-20T20:30:00.000 --execute',
    },
  );
  assert.match(
    offsetsCommand(here, 'plan', { group: 'g', target: { to: 'earliest' } }).kafka ?? '',
    / --all-topics --to-earliest --dry-run$/,
  );
});

test("a setting by Kafka's own producer is a record with all that is set then", () => {
  const { lab, kafka } = settingsCommand(here, 'inventory-service', { paused: false }, { throttleMs: 10, paused: false });
  assert.equal(lab, './lab set inventory-service paused=false');
  const rates = { failRate: 0.1, rejectRate: 0.01 };
  assert.equal(
    settingsCommand(here, 'notification-service', rates, rates).lab,
    './lab set notification-service fail-rate=0.1 reject-rate=0.01',
  );
  assert.match(
    kafka ?? '',
    /^echo 'inventory-service\|\{"throttleMs":10,"paused":false\}' \| \.\/lab kafka console-producer .* --topic lab-settings /,
  );
});

test("a replay by Kafka's own tool stops the reader, resets both topics, and starts it", () => {
  const { lab, kafka } = replayCommand(here, {}, pipeline, null);
  assert.equal(lab, './lab replay');
  assert.match(
    kafka ?? '',
    /^\.\/lab stop analytics-service && .* --group seen --topic o --topic i --to-earliest --execute && \.\/lab start analytics-service$/,
  );
  assert.match(replayCommand(here, { to: '2026-11-20T20:30:00Z' }, pipeline, 'http://127.0.0.1:8002').lab, /^curl .*:8002\/replay /);
});

test('a record that no verb of the lab can send is sent by Kafka', () => {
  const { lab, kafka } = recordCommand(here, 'order-events', 'poison-1', '{"orderId":');
  assert.equal(lab, kafka);
  assert.match(lab, /^echo 'poison-1\|\{"orderId":' \| /);
});
