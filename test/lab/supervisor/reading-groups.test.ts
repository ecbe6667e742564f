import assert from 'node:assert/strict';
import { test } from 'node:test';
import { entryTopics, readingGroups } from '../../../src/lab/supervisor/reading-groups.ts';
import { flowOf } from '../../../src/lab/watch/samples/sample.ts';
import type { ServiceFacts } from '../../../src/lab/wire/system-facts.ts';
import { orderPipeline } from '../../../src/order-lab/supervisor/service-table.ts';
import { readSettings } from '../../../src/pipeline/settings/read-settings.ts';

const service = (name: string, reads: string[], writes: string[], group: string | null = name): ServiceFacts => ({
  name,
  most: 1,
  group,
  reads,
  writes,
});

test('services of one group read its topics together', () => {
  const services = [
    service('a', ['x'], [], 'g'),
    service('b', ['y', 'x'], [], 'g'),
    service('c', ['y'], []),
    service('d', [], ['x'], null),
  ];
  assert.deepEqual(readingGroups({ services }), [
    { group: 'g', topics: ['x', 'y'], service: 'a' },
    { group: 'c', topics: ['y'], service: 'c' },
  ]);
});

test('what comes in is read and written by nobody but who reads nothing; of a circle, all that is read', () => {
  const chain = [service('gate', [], ['in'], null), service('a', ['in'], ['middle']), service('b', ['middle'], ['out'])];
  assert.deepEqual(entryTopics({ services: chain }), ['in']);
  assert.deepEqual(entryTopics({ services: [service('a', ['x'], ['y']), service('b', ['y'], ['x'])] }), ['x', 'y']);
});

test('the order pipeline: orders come in, inventory reads them first and analytics last', () => {
  const system = orderPipeline(readSettings({}));
  assert.deepEqual(flowOf(system), { entries: ['order-events'], first: 'inventory-service-group', last: 'analytics-group' });
});
