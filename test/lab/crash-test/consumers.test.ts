import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { type FaultKind, faultKinds } from '../../../src/lab/crash-test/faults/fault.ts';
import type { CrashTestResult } from '../../../src/lab/crash-test/report/result.ts';
import { copierSystem, testSystem, testWithAllMarkers } from './stage.ts';

/** CRASH_TEST_MINUTES=3 is the long form: a Kafka of its own and all kinds of faults, for so long and with each of so many seeds. */
const { CRASH_TEST_MINUTES, CRASH_TEST_SEEDS = '1' } = process.env;
const isShort = CRASH_TEST_MINUTES === undefined;
const seeds = isShort ? 1 : Number(CRASH_TEST_SEEDS);
/** A short run may strike a faulty consumer where it does no harm, and rightly finds nothing: then the next seed's turn comes. */
const triesInShort = 4;

/** In short: the kinds that bring the fault of the consumer out. */
type Case = { behaviour: string; kinds: FaultKind[]; inShort?: boolean; deserves: (result: CrashTestResult) => void };

const cases: Case[] = [
  {
    behaviour: 'correct',
    kinds: ['kill', 'unreadable', 'duplicate'],
    deserves: ({ verdict, firstFindings }) => {
      assert.deepEqual(firstFindings, []);
      assert.equal(verdict.behavesAs, 'exactly-once');
      assert.ok(verdict.held && verdict.cameBack);
    },
  },
  {
    behaviour: 'commits-after',
    kinds: ['kill'],
    deserves: ({ verdict, firstFindings, faults }) => {
      assert.equal(verdict.behavesAs, 'at-least-once');
      assert.ok(verdict.repeated > 0 && verdict.lost === 0);
      const [story] = firstFindings;
      assert.equal(story?.jepsen, 'duplicate');
      assert.ok(story.out.length > 1);
      assert.ok(faults.some(({ repeated }) => repeated > 0));
    },
  },
  {
    behaviour: 'commits-before',
    kinds: ['kill'],
    deserves: ({ verdict, faults }) => {
      assert.ok(verdict.lost > 0 && verdict.behavesAs !== 'exactly-once' && verdict.behavesAs !== 'at-least-once' && !verdict.held);
      assert.ok(faults.some(({ lost }) => lost > 0));
    },
  },
  {
    behaviour: 'forgets-batch',
    kinds: ['stop', 'kill'],
    deserves: ({ verdict }) => assert.ok(verdict.lost > 0 && verdict.repeated === 0 && verdict.behavesAs === 'at-most-once'),
  },
  {
    behaviour: 'writes-twice',
    kinds: ['kill'],
    deserves: ({ verdict }) => assert.ok(verdict.repeated > 0 && verdict.lost === 0 && verdict.behavesAs === 'at-least-once'),
  },
  {
    // In short: test/lab/cli/verbs/crash-test.test.ts.
    behaviour: 'invents',
    inShort: false,
    kinds: ['kill'],
    deserves: ({ verdict }) => assert.ok(verdict.invented > 0 && verdict.behavesAs === 'none'),
  },
  {
    behaviour: 'stops-at-bad',
    kinds: ['unreadable'],
    deserves: ({ verdict, firstFindings, notBack }) => {
      assert.ok(verdict.poisoned > 0 && verdict.lost === 0 && !verdict.cameBack && !verdict.held);
      assert.ok(firstFindings.some(({ kind, jepsen }) => kind === 'poisoned' && jepsen === 'unseen'));
      assert.match(notBack.join('\n'), /copier\.\d ended \d+ times, exit code 1: .*JSON/);
    },
  },
];

const foundNothing = ({ verdict, firstFindings }: CrashTestResult): boolean =>
  verdict.behavesAs === 'exactly-once' && firstFindings.length === 0;

suite('each consumer gets the verdict that it deserves', { concurrency: isShort ? 3 : 1 }, () => {
  for (const { behaviour, kinds, deserves, inShort = true } of cases) {
    const run = (context: TestContext, seed: number): Promise<CrashTestResult> => {
      const storm = { system: copierSystem(behaviour), seed: String(seed) };
      if (isShort) return testSystem(context, { ...storm, minutes: 0.15, kinds });
      return testWithAllMarkers(context, { ...storm, minutes: Number(CRASH_TEST_MINUTES), kinds: faultKinds, theirs: undefined });
    };
    const tries = isShort && behaviour !== 'correct' ? triesInShort : 1;
    for (let seed = 1; seed <= seeds; seed += 1) {
      test(`${behaviour}, seed ${seed}`, { skip: isShort && !inShort }, async (context) => {
        let result = await run(context, seed);
        for (let next = 1; next < tries && foundNothing(result); next += 1) result = await run(context, seed + next);
        deserves(result);
      });
    }
  }
});
