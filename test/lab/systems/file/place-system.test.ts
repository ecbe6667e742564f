import assert from 'node:assert/strict';
import { test } from 'node:test';
import { placeSystem } from '../../../../src/lab/systems/file/place-system.ts';
import type { ServiceFile, SystemFile } from '../../../../src/lab/systems/file/system-schema.ts';

const system = (services: Record<string, ServiceFile>): SystemFile => ({
  name: 'copy',
  topics: { in: { partitions: 1 }, out: { partitions: 2 } },
  services,
  ledger: [{ from: 'in', to: 'out', id: 'key', 'dead-letters': ['out'] }],
  load: { topic: 'in', key: '{n}', value: 1 },
});
const copier: ServiceFile = {
  command: ['copy', '--to={topic:out}'],
  env: { IN: '{topic:in}', AS: '{group}-1' },
  group: 'g',
  reads: ['in'],
  writes: ['out'],
};

test('topics and the group that every process takes from the lab get the prefix, wherever they stand', () => {
  const { system: placed, fixed } = placeSystem(system({ copier }), 'p-');
  assert.deepEqual(fixed, { topics: [], groups: [] });
  assert.deepEqual(placed.topics, { 'p-in': { partitions: 1 }, 'p-out': { partitions: 2 } });
  assert.deepEqual(placed.services.copier, {
    command: ['copy', '--to=p-out'],
    env: { IN: 'p-in', AS: 'p-g-1' },
    group: 'p-g',
    reads: ['p-in'],
    writes: ['p-out'],
  });
  assert.deepEqual(placed.ledger, [{ from: 'p-in', to: 'p-out', id: 'key', 'dead-letters': ['p-out'] }]);
  assert.equal(placed.load.topic, 'p-in');
});

test('what one process knows by its own name keeps it, for all', () => {
  const deaf: ServiceFile = { command: ['read'], group: 'g', reads: ['out'] };
  const { system: placed, fixed } = placeSystem(system({ copier, deaf }), 'p-');
  assert.deepEqual(fixed, { topics: ['out'], groups: ['g'] });
  assert.deepEqual(Object.keys(placed.topics), ['p-in', 'out']);
  assert.deepEqual(placed.services.copier?.command, ['copy', '--to=out']);
  assert.equal(placed.services.copier?.env?.AS, 'g-1');
});

test('a share group is placed as a consumer group is', () => {
  const { group: _, ...rest } = copier;
  const { system: placed, fixed } = placeSystem(system({ copier: { ...rest, 'share-group': 'g' } }), 'p-');
  assert.deepEqual([placed.services.copier?.['share-group'], placed.services.copier?.env?.AS], ['p-g', 'p-g-1']);
  assert.deepEqual(fixed.groups, []);
});

test('without a prefix every name is its own', () => {
  const { system: placed } = placeSystem(system({ copier }), '');
  assert.deepEqual(placed.services.copier?.env, { IN: 'in', AS: 'g-1' });
  assert.deepEqual(placed.topics, system({ copier }).topics);
});
