import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeLedger } from '../../../../src/lab/crash-test/judge/judge-ledger.ts';
import type { LedgerLog, LoggedRecord } from '../../../../src/lab/crash-test/judge/ledger-log.ts';
import { outcomeOf, type Verdict, verdictOf } from '../../../../src/lab/crash-test/judge/verdict.ts';
import type { Guarantee } from '../../../../src/lab/systems/file/system-schema.ts';

/** One partition, in the order of its offsets; a name that begins with `!` cannot be read. */
const records = (topic: string, ids: string, key?: string | null): LoggedRecord[] =>
  ids
    .split(' ')
    .filter(Boolean)
    .map((id, offset) => ({
      topic,
      partition: 0,
      offset,
      id: id.startsWith('!') ? undefined : id,
      key: key === undefined ? id : key,
      at: offset * 1000,
    }));

type Log = {
  in: string;
  out: string;
  letters?: string;
  committed?: number;
  deduplicates?: boolean;
  goesOn?: boolean;
  isQueue?: boolean;
  key?: string | null;
  claim?: Guarantee;
};

function judged({
  in: came,
  out,
  letters = '',
  committed,
  deduplicates = false,
  goesOn = false,
  isQueue = false,
  key,
  claim,
}: Log): Verdict {
  const inputs = records('in', came, key);
  const log: LedgerLog = {
    from: 'in',
    to: 'out',
    inputs,
    outputs: records('out', out),
    deadLetters: records('in.dlq', letters),
    unreadable: new Set(),
    committed: new Map([[0, committed ?? inputs.length]]),
    deduplicates,
    goesOn,
    isQueue,
  };
  return verdictOf([judgeLedger(log)], { stalledSec: 0, cameBack: (committed ?? inputs.length) === inputs.length, claim });
}

const nothing = { lost: 0, repeated: 0, invented: 0, outOfOrder: 0, poisoned: 0, unread: 0 };

const table: [what: string, log: Log, expected: Partial<Verdict>][] = [
  ['a correct consumer', { in: 'a b c', out: 'a b c' }, { ...nothing, behavesAs: 'exactly-once', held: true }],
  ['one that commits before the work', { in: 'a b c', out: 'a c' }, { ...nothing, lost: 1, behavesAs: 'at-most-once', held: false }],
  ['one that commits after it', { in: 'a b c', out: 'a b b c' }, { ...nothing, repeated: 1, behavesAs: 'at-least-once', held: true }],
  ['one that forgets a batch', { in: 'a b c d', out: 'a d' }, { ...nothing, lost: 2, behavesAs: 'at-most-once' }],
  ['one that writes twice', { in: 'a b', out: 'a a b b' }, { ...nothing, repeated: 2, behavesAs: 'at-least-once' }],
  ['one that invents ids', { in: 'a b', out: 'a x b' }, { ...nothing, invented: 1, behavesAs: 'none' }],
  ['one that writes what has no id', { in: 'a', out: 'a !' }, { ...nothing, invented: 1, behavesAs: 'none' }],
  ['one that loses and repeats', { in: 'a b', out: 'a a' }, { ...nothing, lost: 1, repeated: 1, behavesAs: 'none' }],
  [
    'one that stops at a bad record',
    { in: 'a !bad b c', out: 'a', committed: 1 },
    { ...nothing, poisoned: 1, unread: 2, behavesAs: 'exactly-once', cameBack: false, held: false },
  ],
  ['one that skips it', { in: 'a !bad b', out: 'a b' }, { ...nothing, held: true }],
  ['one that makes it a dead letter', { in: 'a b !bad', out: 'a', letters: 'b !' }, { ...nothing, held: true }],
  ['one that writes for each time an id came in', { in: 'a b a', out: 'a b a' }, { ...nothing, behavesAs: 'exactly-once' }],
  ['one that writes more often than that', { in: 'a b a', out: 'a b a a' }, { ...nothing, repeated: 1 }],
  ['one that looks for duplicates', { in: 'a b a', out: 'a b', deduplicates: true }, { ...nothing, behavesAs: 'exactly-once' }],
  ['one that says so and does not', { in: 'a b a', out: 'a b a', deduplicates: true }, { ...nothing, repeated: 1 }],
  ['one that turns two of a key around', { in: 'a b c', out: 'b a c', key: 'k' }, { ...nothing, outOfOrder: 1 }],
  ['one that turns two without a key around', { in: 'a b c', out: 'b a c', key: null }, nothing],
  ['one that begins again from further back', { in: 'a b c', out: 'a b a b c', key: 'k' }, { ...nothing, repeated: 2 }],
  ['one that turns two of different keys around', { in: 'a b', out: 'b a' }, nothing],
  ['one that is far behind', { in: 'a b c', out: 'a', committed: 1 }, { ...nothing, unread: 2, cameBack: false, held: false }],
  ['one that goes on while it is read', { in: 'a b c', out: 'a c', committed: 1, goesOn: true }, { ...nothing, unread: 1 }],
  ['the same that has stopped', { in: 'a b c', out: 'a c', committed: 1 }, { ...nothing, lost: 1 }],
  [
    'workers of a share group that have not come to the end',
    { in: 'a b c', out: 'a c', committed: 1, isQueue: true },
    { ...nothing, unread: 1 },
  ],
  ['workers that lose what they have accepted', { in: 'a b c', out: 'a c', committed: 3, isQueue: true }, { ...nothing, lost: 1 }],
  ['workers that turn two of a key around', { in: 'a b', out: 'b a', key: 'k', isQueue: true }, nothing],
  ['a claim that is weaker than what it does', { in: 'a', out: 'a', claim: 'at-least-once' }, { held: true }],
  ['a claim of once that repeats', { in: 'a', out: 'a a', claim: 'exactly-once' }, { held: false }],
  ['a claim of at most once that loses', { in: 'a b', out: 'a', claim: 'at-most-once' }, { held: true }],
  ['a claim of at least once that loses', { in: 'a b', out: 'a', claim: 'at-least-once' }, { held: false }],
];

for (const [what, log, expected] of table) {
  test(`the verdict on ${what}`, () => {
    const verdict = judged(log);
    assert.deepEqual({ ...verdict, ...expected }, verdict);
  });
}

test('a run that reached too little is inconclusive, unless something was found', () => {
  const missing = [{ situation: 'a kill', times: 0, needed: 1 }];
  assert.equal(outcomeOf(judged({ in: 'a', out: 'a' }), missing), 'inconclusive');
  assert.equal(outcomeOf(judged({ in: 'a', out: '' }), missing), 'not-held');
  assert.equal(outcomeOf(judged({ in: 'a', out: 'a' }), [{ situation: 'a kill', times: 1, needed: 1 }]), 'held');
});
