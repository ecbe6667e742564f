import assert from 'node:assert/strict';
import { test } from 'node:test';
import { circleOf, groupsOf, isOfStreams, queuesOf } from '../../../../src/lab/crash-test/kafka/system-facts.ts';

const service = (reads: string[], writes: string[]) => ({ command: ['x'], reads, writes });

test('topics that lead back to themselves are named, by the shortest way', () => {
  const services = { a: service(['in'], ['mid']), b: service(['mid', 'retry'], ['out', 'retry']), c: service(['out'], ['in']) };
  assert.deepEqual(circleOf({ services }), ['retry', 'retry']);
  assert.deepEqual(circleOf({ services: { a: services.a, c: service(['mid'], ['in']) } }), ['in', 'mid', 'in']);
});

test('a chain is no circle', () => {
  assert.equal(circleOf({ services: { a: service(['in'], ['mid']), b: service(['mid'], ['out']) } }), undefined);
});

test('a share group is told from a consumer group', () => {
  const services = { a: { ...service(['in'], ['mid']), group: 'g' }, b: { ...service(['mid'], ['out']), 'share-group': 'workers' } };
  assert.deepEqual(groupsOf({ services }), [{ group: 'g', topics: ['in'] }]);
  assert.deepEqual(queuesOf({ services }), [{ group: 'workers', topics: ['mid'] }]);
});

test('the topics that Kafka Streams makes for itself are known by their names', () => {
  const names = [
    'invoicer-KSTREAM-AGGREGATE-STATE-STORE-0000000003-changelog',
    'invoicer-by-customer-repartition',
    'invoicer-KTABLE-FK-JOIN-SUBSCRIPTION-REGISTRATION-0000000006-topic',
    'invoicer-KTABLE-FK-JOIN-SUBSCRIPTION-RESPONSE-0000000014-topic',
    'invoicer-named-subscription-registration-topic',
    'invoicer-invoices',
    'invoicer-topic',
    'other-by-customer-repartition',
  ];
  assert.deepEqual(
    names.filter((name) => isOfStreams(name, 'invoicer')),
    names.slice(0, 5),
  );
});
