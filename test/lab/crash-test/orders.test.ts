import assert from 'node:assert/strict';
import { test } from 'node:test';
import { partsTopicSpec } from '../../../src/kafka/admin/side-topics.ts';
import { topicsOf } from '../../../src/lab/systems/file/describe-system.ts';
import { findSystem } from '../../../src/lab/systems/file/find-system.ts';
import { readSystem } from '../../../src/lab/systems/file/read-system.ts';
import { topicSpecs } from '../../../src/pipeline/events/topics.ts';
import { readSettings } from '../../../src/pipeline/settings/read-settings.ts';
import { testSystem } from './stage.ts';

const orders = readSystem(findSystem('orders'));

test('the order pipeline as a system has the topics that its services would make', () => {
  const settings = readSettings({});
  assert.deepEqual(
    new Map(topicsOf(orders).map(({ name, ...made }) => [name, made])),
    new Map([...topicSpecs(settings), partsTopicSpec(settings.analyticsGroupId)].map(({ name, ...made }) => [name, made])),
  );
});

test('the order pipeline keeps its promise, as any system has to: nothing is lost, repeated or invented', async (context) => {
  const kinds = ['kill', 'duplicate', 'unreadable'] as const;
  const { verdict, firstFindings, sent } = await testSystem(context, { system: orders, minutes: 0.4, kinds, theirs: undefined });
  assert.deepEqual(firstFindings, []);
  assert.ok(sent > 0);
  assert.deepEqual([verdict.behavesAs, verdict.held, verdict.cameBack], ['exactly-once', true, true]);
});
