import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeLedger } from '../../../../src/lab/crash-test/judge/judge-ledger.ts';
import type { LoggedRecord } from '../../../../src/lab/crash-test/judge/ledger-log.ts';
import {
  holdsReaders,
  type SkippedMarker,
  skippedIn,
  skippedText,
  withoutSkipped,
} from '../../../../src/lab/crash-test/judge/skipped-markers.ts';
import { outcomeOf, verdictOf } from '../../../../src/lab/crash-test/judge/verdict.ts';
import { checksOf } from '../../../../src/lab/crash-test/report/crash-checks.ts';
import type { CrashTestResult } from '../../../../src/lab/crash-test/report/result.ts';
import { verdictLine } from '../../../../src/lab/crash-test/report/show-result.ts';
import { copierSystem } from '../stage.ts';

const says = (partitions: string, id: string): string =>
  `2026-11-28T03:49:51.186Z INFO TransactionMarkerChannelManager - [Transaction Marker Channel Manager 2]: Couldn't find leader endpoint for partitions ${partitions} while trying to send transaction markers for ${id}, these partitions are likely deleted already and hence can be skipped\n`;
const skipped = (transactionalId: string, topic: string, partition: number, times = 1): SkippedMarker => ({
  transactionalId,
  topic,
  partition,
  times,
});

const logs: [what: string, log: string, expected: SkippedMarker[]][] = [
  ['nothing', '2026-11-28T03:49:51.186Z INFO KafkaServer - started\n', []],
  ['one partition', says('Set(t0-0)', 'x'), [skipped('x', 't0', 0)]],
  ['several, and a topic with a dash', says('Set(t0-0, my-topic-12)', 'x'), [skipped('x', 't0', 0), skipped('x', 'my-topic', 12)]],
  [
    'a large set, as Scala prints it',
    says('HashSet(a-0, a-1, a-2, a-3, a-4)', 'x'),
    [0, 1, 2, 3, 4].map((partition) => skipped('x', 'a', partition)),
  ],
  ['a set of Java', says('[t0-0]', 'x'), [skipped('x', 't0', 0)]],
  ['an id with commas and brackets', says('Set(t0-0)', 'a, (b)'), [skipped('a, (b)', 't0', 0)]],
  [
    'the same twice, and another id',
    says('Set(t0-0)', 'x') + says('Set(t0-0)', 'y') + says('Set(t0-0)', 'x'),
    [skipped('x', 't0', 0, 2), skipped('y', 't0', 0)],
  ],
];
for (const [what, log, expected] of logs) test(`a log with skipped markers of ${what}`, () => assert.deepEqual(skippedIn(log), expected));

test('what was skipped is told in one line', () => {
  assert.deepEqual(skippedText([]), []);
  assert.match(
    skippedText([skipped('x', 'copies', 0, 2), skipped('y', 'copies', 1)]).join('\n'),
    /^Kafka skipped .* KAFKA-20734\): of x in copies\/0 2 times, of y in copies\/1 once\. .* inconclusive for the system$/,
  );
});

const system = { ...copierSystem('correct'), claims: 'exactly-once' as const };
const record = (topic: string, partition: number, offset: number, id: string): LoggedRecord => ({
  topic,
  partition,
  offset,
  id,
  key: id,
  at: 0,
});

/** What the run says where these ids came out, at these partitions, of `a` and `b` that came in. */
function judged(out: [id: string, partition: number][], markers: SkippedMarker[], cameBack = true) {
  const ledger = judgeLedger({
    from: 'records',
    to: 'copies',
    inputs: ['a', 'b'].map((id, offset) => record('records', 0, offset, id)),
    outputs: out.map(([id, partition], offset) => record('copies', partition, offset, id)),
    deadLetters: [],
    unreadable: new Set(),
    committed: new Map([[0, 2]]),
    goesOn: false,
    isQueue: false,
    deduplicates: false,
  });
  const run = { stalledSec: 0, claim: system.claims };
  const verdict = verdictOf([ledger], { ...run, cameBack });
  const unexplained = verdictOf(withoutSkipped([ledger], markers, system), { ...run, cameBack: cameBack || holdsReaders(markers, system) });
  return { verdict, outcome: outcomeOf(verdict, [], unexplained) };
}

const verdicts: [what: string, out: [string, number][], markers: SkippedMarker[], outcome: string, cameBack?: boolean][] = [
  [
    'nothing, and nothing skipped',
    [
      ['a', 0],
      ['b', 0],
    ],
    [],
    'held',
  ],
  [
    'nothing, and a marker skipped',
    [
      ['a', 0],
      ['b', 0],
    ],
    [skipped('x', 'copies', 0)],
    'held',
  ],
  [
    'a repeat, and nothing skipped',
    [
      ['a', 0],
      ['a', 0],
      ['b', 0],
    ],
    [],
    'not-held',
  ],
  [
    'a repeat where a marker was skipped',
    [
      ['a', 0],
      ['a', 0],
      ['b', 0],
    ],
    [skipped('x', 'copies', 0)],
    'inconclusive',
  ],
  [
    'a repeat elsewhere',
    [
      ['a', 0],
      ['a', 0],
      ['b', 0],
    ],
    [skipped('x', 'copies', 1)],
    'not-held',
  ],
  [
    'one repeat there and one elsewhere',
    [
      ['a', 0],
      ['a', 0],
      ['b', 1],
      ['b', 1],
    ],
    [skipped('x', 'copies', 0)],
    'not-held',
  ],
  [
    'a repeat, with a marker of offsets skipped',
    [
      ['a', 0],
      ['a', 0],
      ['b', 0],
    ],
    [skipped('x', '__consumer_offsets', 3)],
    'inconclusive',
  ],
  ['a record that is not there, and nothing skipped', [['a', 0]], [], 'not-held'],
  ['a record behind a transaction without an end', [['a', 0]], [skipped('x', 'copies', 0)], 'inconclusive'],
  ['a dead letter behind one', [['a', 0]], [skipped('x', 'letters', 0)], 'inconclusive'],
  [
    'an invented record all the same',
    [
      ['a', 0],
      ['b', 0],
      ['c', 0],
    ],
    [skipped('x', 'copies', 0)],
    'not-held',
  ],
  [
    'a reader that waits for such an end',
    [
      ['a', 0],
      ['b', 0],
    ],
    [skipped('x', 'records', 0)],
    'inconclusive',
    false,
  ],
  [
    'a reader that does not come back by itself',
    [
      ['a', 0],
      ['b', 0],
    ],
    [skipped('x', 'copies', 0)],
    'not-held',
    false,
  ],
];
for (const [what, out, markers, outcome, cameBack] of verdicts) {
  test(`found: ${what}: ${outcome}`, () => assert.equal(judged(out, markers, cameBack).outcome, outcome));
}

test('what is blamed on Kafka fails no check of the system, and says why in the verdict', () => {
  const skippedHere = [skipped('x', 'copies', 0)];
  const result = (markers: SkippedMarker[]): CrashTestResult =>
    ({
      ...judged(
        [
          ['a', 0],
          ['a', 0],
          ['b', 0],
        ],
        markers,
      ),
      sometimes: [],
      firstFindings: [],
      notBack: [],
      skippedMarkers: markers,
    }) as unknown as CrashTestResult;
  const failed = (markers: SkippedMarker[]): string[] =>
    checksOf(result(markers))
      .filter(({ held }) => !held)
      .map(({ claim }) => claim);
  assert.deepEqual(failed([]), ['it behaves as it claims: exactly-once']);
  assert.deepEqual(failed(skippedHere), ['nothing was found where Kafka skipped the end of a transaction (KAFKA-20734)']);
  assert.match(verdictLine(result(skippedHere)), /^INCONCLUSIVE: behaves as at-least-once, but Kafka skipped .*KAFKA-20734/);
});
