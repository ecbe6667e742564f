import assert from 'node:assert/strict';
import { test } from 'node:test';
import { standStill } from '../../scenarios/rebalance-protocols/stand-still.ts';

const at = (ms: number): string => new Date(ms).toISOString();
const record = (key: string, partition: number, ms: number) => ({ key, partition, time: at(ms) });
const limits = { partitions: 3, lateMs: 500 };

test('a partition stood still for as long as an order in it waited for its decision', () => {
  const orders = [record('a', 0, 1000), record('b', 1, 1500), record('c', 1, 2000), record('before', 0, 500), record('after', 0, 9000)];
  const decisions = [record('a', 0, 1100), record('b', 1, 5500), record('c', 1, 5600), record('before', 0, 8000), record('after', 0, 9900)];
  assert.deepEqual(standStill(orders, decisions, { from: 1000, to: 6000 }, limits), { longestMs: [100, 4000, 0], late: 2 });
});
