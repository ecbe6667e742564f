import assert from 'node:assert/strict';
import { test } from 'node:test';
import { groupCommand, recordsCommand } from '../../../src/lab/commands/read-commands.ts';
import { quoted } from '../../../src/lab/commands/terminal.ts';

test('what a shell would take apart is quoted', () => {
  assert.equal(quoted('a b;$(c)'), "'a b;$(c)'");
  assert.equal(quoted(''), "''");
});

test('a lab in another home and on another port is named, so that the command means it', () => {
  const { lab, kafka } = groupCommand({ labHome: '/tmp/my lab', brokers: '127.0.0.1:29092' }, 'g');
  assert.equal(lab, "LAB_HOME='/tmp/my lab' ./lab lag g");
  assert.equal(kafka, "LAB_HOME='/tmp/my lab' ./lab kafka consumer-groups --bootstrap-server 127.0.0.1:29092 --describe --group g");
});

test('before the address is known, a tool of Kafka is left to find it', () => {
  assert.equal(groupCommand({ labHome: null, brokers: null }, 'g').kafka, './lab kafka consumer-groups --describe --group g');
});

test('a search names where it begins, and ends at the end', () => {
  const { lab } = recordsCommand(
    { labHome: null, brokers: null },
    { topic: 't', from: 'earliest', limit: 5, partition: 2, uncommitted: true },
  );
  assert.equal(lab, './lab tail t --from earliest -n 5 -e --partition 2 --uncommitted');
});
