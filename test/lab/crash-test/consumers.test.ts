import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { crashTest } from '../../../src/lab/crash-test/crash-test.ts';
import { type FaultKind, faultKinds } from '../../../src/lab/crash-test/fault.ts';
import type { CrashTestResult } from '../../../src/lab/crash-test/result.ts';
import { readSystem } from '../../../src/lab/systems/read-system.ts';

const file = join(import.meta.dirname, 'consumers', 'system.yaml');

/** CRASH_TEST_MINUTES=3 does all of them, with all kinds of faults, for so long: by hand, since it takes as many minutes each. */
const { CRASH_TEST_MINUTES, CRASH_TEST_SEED = '1' } = process.env;

/** Short: the kinds that bring the fault of the consumer out. */
type Case = { behaviour: string; kinds: FaultKind[]; inShort: boolean; deserves: (result: CrashTestResult) => void };

const cases: Case[] = [
  {
    behaviour: 'correct',
    kinds: ['kill', 'unreadable', 'duplicate'],
    inShort: true,
    deserves: ({ verdict, firstFindings }) => {
      assert.deepEqual(firstFindings, []);
      assert.equal(verdict.behavesAs, 'exactly-once');
      assert.ok(verdict.held && verdict.cameBack);
    },
  },
  {
    behaviour: 'commits-after',
    kinds: ['kill'],
    inShort: true,
    deserves: ({ verdict, firstFindings, faults }) => {
      assert.equal(verdict.behavesAs, 'at-least-once');
      assert.ok(verdict.repeated > 0 && verdict.lost === 0);
      const [story] = firstFindings;
      assert.equal(story?.jepsen, 'duplicate');
      assert.ok(story.out.length > 1 && faults.length > 0);
    },
  },
  {
    behaviour: 'commits-before',
    kinds: ['kill'],
    inShort: false,
    deserves: ({ verdict }) => assert.ok(verdict.lost > 0 && verdict.behavesAs !== 'exactly-once' && !verdict.held),
  },
  {
    behaviour: 'forgets-batch',
    kinds: ['stop', 'kill'],
    inShort: false,
    deserves: ({ verdict }) => assert.ok(verdict.lost > 0 && verdict.repeated === 0 && verdict.behavesAs === 'at-most-once'),
  },
  {
    behaviour: 'writes-twice',
    kinds: ['kill'],
    inShort: false,
    deserves: ({ verdict }) => assert.ok(verdict.repeated > 0 && verdict.lost === 0 && verdict.behavesAs === 'at-least-once'),
  },
  {
    behaviour: 'invents',
    kinds: ['kill'],
    inShort: false,
    deserves: ({ verdict }) => assert.ok(verdict.invented > 0 && verdict.behavesAs === 'none'),
  },
  {
    behaviour: 'stops-at-bad',
    kinds: ['unreadable', 'kill'],
    inShort: false,
    deserves: ({ verdict }) => assert.ok(verdict.poisoned > 0 && !verdict.cameBack && !verdict.held),
  },
];

for (const { behaviour, kinds, inShort, deserves } of cases) {
  const skip = !inShort && CRASH_TEST_MINUTES === undefined;
  test(`a consumer that is ${behaviour} gets the verdict that it deserves`, { skip }, async (context) => {
    const folder = mkdtempSync(join(tmpdir(), 'crash test '));
    try {
      const system = readSystem(file);
      // The Node that the client was built for.
      const copier = { ...system.services.copier, command: [process.execPath, 'consumer.mjs'], env: { BEHAVIOUR: behaviour } };
      const result = await crashTest({
        system: { ...system, folder: dirname(file), services: { copier } },
        minutes: Number(CRASH_TEST_MINUTES ?? 0.25),
        seed: CRASH_TEST_SEED,
        brokers: 1,
        kinds: CRASH_TEST_MINUTES === undefined ? kinds : faultKinds,
        folder,
        say: (line) => context.diagnostic(line),
        signal: context.signal,
      });
      context.diagnostic(JSON.stringify(result.verdict));
      deserves(result);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
}
