import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type RedriveCounts, redriveText } from '../../../src/kafka/redrive/redrive-words.ts';

const none: RedriveCounts = { executed: true, sent: 0, accepted: 0, rejected: 0, unread: 0, parked: 0, leftOut: 0, failed: 0 };

test('a redrive says what became of the letters', () => {
  const table: [counts: Partial<RedriveCounts>, text: string][] = [
    [{ executed: false, leftOut: 2 }, 'nothing was sent (dry run)'],
    [{ sent: 1, rejected: 1 }, '1 sent back: 1 rejected again'],
    [{ sent: 3, accepted: 2, unread: 1 }, '3 sent back: 2 accepted, 1 not read yet'],
    [{ sent: 1 }, '1 sent back'],
    [{ parked: 1, leftOut: 1, failed: 2 }, '0 sent back; 1 parked, 1 left out, 2 failed'],
  ];
  for (const [counts, text] of table) assert.equal(redriveText({ ...none, ...counts }), text);
});
