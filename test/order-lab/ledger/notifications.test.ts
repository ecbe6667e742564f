import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeNotifications, startsOf, type Told } from '../../../src/order-lab/ledger/notifications.ts';

const decision = (more: Partial<Told> = {}): Told => ({ isDecision: true, told: 0, isLetter: false, ...more });

test('a decision is told once, again, rejected, waiting or never; what is no decision does not count', () => {
  const places = new Map([
    [
      0,
      new Map([
        [0, decision({ told: 1 })],
        [1, decision({ told: 3 })],
        [2, decision({ isLetter: true })],
        [3, decision()],
        [4, { isDecision: false, told: 1, isLetter: false }],
        [5, decision()],
      ]),
    ],
    [1, new Map([[7, decision()]])],
  ]);
  assert.deepEqual(judgeNotifications(places, new Map([[0, 4]]), 'inventory-events'), {
    ...{ decisions: 6, toldOnce: 1, toldAgain: 1, repeats: 2, rejected: 1, waiting: 2, never: 1 },
    firstNever: { topic: 'inventory-events', partition: 0, offset: 3 },
  });
});

test('a partition that is not initialised has no start offset, and other topics do not count', () => {
  const of = (topic: string, partition: number, startOffset: number | undefined) => ({ topic, partition, startOffset });
  assert.deepEqual(startsOf([of('a', 0, 5), of('a', 1, undefined), of('b', 2, 9)], 'a'), new Map([[0, 5]]));
});
