import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keepsClaim, type Outcome, type Verdict } from '../../../../src/lab/crash-test/judge/verdict.ts';
import { reasonLine } from '../../../../src/lab/crash-test/report/show-result.ts';

type Facts = Partial<Pick<Verdict, 'behavesAs' | 'claim' | 'lost' | 'cameBack' | 'poisoned'>> & {
  outcome?: Outcome;
  notBack?: string[];
  reached?: number;
};

function reasonOf({ outcome, notBack = [], reached = 1, ...found }: Facts): string {
  const verdict = { behavesAs: 'exactly-once', claim: null, lost: 0, cameBack: notBack.length === 0, poisoned: 0, ...found } as const;
  const held = keepsClaim(verdict) && verdict.cameBack && verdict.poisoned === 0;
  const sometimes = [{ situation: 'a kill', times: reached, needed: 1 }];
  return reasonLine({ verdict: { ...verdict, held }, outcome: outcome ?? (held ? 'held' : 'not-held'), sometimes, notBack });
}

const left = 'g does not read in/0 on: 9 records are left';
const table: [what: string, facts: Facts, expected: string][] = [
  ['nothing wrong, no claim', {}, 'behaves as exactly-once (in this run); it claims nothing'],
  ['a claim that held', { behavesAs: 'at-least-once', claim: 'at-least-once' }, 'behaves as at-least-once; it claims at-least-once'],
  ['a claim that did not', { behavesAs: 'at-least-once', claim: 'exactly-once' }, 'behaves as at-least-once; it claims exactly-once'],
  ['a loss without a claim', { behavesAs: 'at-most-once', lost: 1 }, 'behaves as at-most-once; it claims nothing, and it lost 1 id'],
  [
    'many losses and repeats without a claim',
    { behavesAs: 'none', lost: 2500 },
    'behaves as none; it claims nothing, and it lost 2,500 ids',
  ],
  [
    'a claim that held, and a partition that stands still',
    { behavesAs: 'at-least-once', claim: 'at-least-once', poisoned: 1, notBack: [left] },
    `behaves as at-least-once; it claims at-least-once, but a record that cannot be read has stopped 1 partition, and it did not come back without help (${left})`,
  ],
  [
    'one that stands still although its group is at the end',
    { claim: 'exactly-once', poisoned: 2 },
    'behaves as exactly-once (in this run); it claims exactly-once, but a record that cannot be read has stopped 2 partitions',
  ],
  [
    'one that did not come back, without a claim',
    { notBack: ['a.1 ended 9 times, exit code 1: boom', left] },
    'behaves as exactly-once (in this run); it claims nothing, but it did not come back without help (a.1 ended 9 times, exit code 1: boom)',
  ],
  [
    'neither the claim held nor did it come back',
    { behavesAs: 'none', claim: 'at-least-once', lost: 3, notBack: [left] },
    `behaves as none; it claims at-least-once, and it did not come back without help (${left})`,
  ],
  [
    'a run that reached too little',
    { outcome: 'inconclusive', reached: 0 },
    'behaves as exactly-once (in this run), but the run never reached: a kill; let it last longer',
  ],
  [
    'what Kafka may have done',
    { outcome: 'inconclusive', behavesAs: 'at-least-once', claim: 'exactly-once' },
    'behaves as at-least-once, but Kafka skipped ends of transactions where that was found (KAFKA-20734): it says nothing about the system',
  ],
];

for (const [what, facts, expected] of table) test(`the reason of a verdict: ${what}`, () => assert.equal(reasonOf(facts), expected));
