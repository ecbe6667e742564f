import assert from 'node:assert/strict';
import { test } from 'node:test';
import { burstCommand, offsetsCommand, quoted, redriveCommand, settingsCommand } from '../../src/lab/commands.ts';

test('each control names the command that does the same', () => {
  assert.equal(
    burstCommand({ count: 500, ratePerSec: 100, failRate: 0.1, seed: "it's" }).lab,
    String.raw`./lab burst 500 --rate 100/s --fail-rate 0.1 --seed 'it'\''s'`,
  );
  assert.equal(
    settingsCommand('inventory-service', { throttleMs: 10, paused: false }).lab,
    './lab set inventory-service throttle=10ms paused=false',
  );
  assert.equal(redriveCommand({ topic: 'order-events', letters: ['0:1'] }).lab, './lab dlq redrive order-events 0:1 --execute');
  assert.deepEqual(offsetsCommand('reset', { group: 'g', target: { to: 'datetime', at: '2026-11-20T20:30:00Z' }, topics: ['t:0,1'] }), {
    lab: './lab offsets reset --group g --topic t:0,1 --to-datetime 2026-11-20T20:30:00Z --execute',
    kafka:
      'kafka-consumer-groups.sh --bootstrap-server localhost:9092 --reset-offsets --group g --topic t:0,1 --to-datetime 2026-11-20T20:30:00.000 --execute',
  });
});

test('what a shell would take apart is quoted', () => {
  assert.equal(quoted('a b;$(c)'), "'a b;$(c)'");
  assert.equal(quoted(''), "''");
});
