import assert from 'node:assert/strict';
import { test } from 'node:test';
import { booksText } from '../../../src/order-lab/ledger/equation.ts';
import { equationOf } from '../../../src/order-lab/ledger/ledger-equation.ts';

type Counts = Parameters<typeof equationOf>[0];
const none = { missing: 0, 'decided-twice': 0, 'no-order': 0, 'wrong-source': 0, 'out-of-order': 0, 'created-at-differs': 0 };
const balanced: Counts = {
  ...{ records: 60_028, decided: 60_024, duplicates: 1, deadLettered: 3, inFlight: 0 },
  ...{ found: none, deletedUnread: { records: 0 } },
};

test('books that were read from the log are told by the same equation as on the page', () => {
  const table: [what: string, counts: Partial<Counts>, text: string][] = [
    ['balanced', {}, '60,028 written = 60,024 decided + 1 duplicate + 3 dead-lettered + 0 in flight: nothing lost, none decided twice'],
    [
      'in flight',
      { decided: 60_000, inFlight: 24 },
      '60,028 written = 60,000 decided + 1 duplicate + 3 dead-lettered + 24 in flight: nothing lost, none decided twice',
    ],
    [
      'a decision is missing, another is there twice',
      { decided: 60_023, found: { ...none, missing: 1, 'decided-twice': 1 } },
      '60,028 written = 60,023 decided + 1 duplicate + 3 dead-lettered + 0 in flight + 1 lost: 1 lost, 1 decided twice',
    ],
    [
      'deleted before they were read: they were written',
      { deletedUnread: { records: 5 } },
      '60,033 written = 60,024 decided + 1 duplicate + 3 dead-lettered + 0 in flight + 5 lost: 5 lost, none decided twice',
    ],
    [
      'decisions that are deleted by now',
      { decided: 60_000 },
      '60,028 written = 60,000 decided + 1 duplicate + 3 dead-lettered + 0 in flight + 24 out of reach: nothing lost, none decided twice',
    ],
  ];
  for (const [what, counts, text] of table) assert.equal(booksText(equationOf({ ...balanced, ...counts })), text, what);
});
