import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Finding } from '../../../../src/lab/crash-test/judge/judge-ledger.ts';
import { storyOf } from '../../../../src/lab/crash-test/judge/story.ts';

const record = (topic: string, offset: number, at: number) => ({ topic, partition: 0, offset, at, id: 'o-1', key: 'o-1' });
const repeated: Finding = {
  kind: 'repeated',
  id: 'o-1',
  from: 'in',
  to: 'out',
  inputs: [record('in', 7, 101_000)],
  outputs: [record('out', 3, 101_500), record('out', 9, 109_000)],
};

test('a story tells where it came in and went out, who ran alone then, and which fault lay near the first or the second time', () => {
  const kill = { kind: 'kill' as const, target: 'a.1', at: 102_000, until: 102_100, detail: '' };
  const stop = { kind: 'stop' as const, target: 'a.2', at: 120_000, until: 121_000, detail: '' };
  const lives = new Map([
    ['a.1', [{ pid: 1, fromMs: 100_000, toMs: 102_000 }]],
    ['a.2', [{ pid: 2, fromMs: 108_000 }]],
  ]);
  const { text, faults, jepsen } = storyOf(repeated, { faults: [kill, stop], samples: [], lives, startMs: 100_000 });
  assert.equal(text, 'in in/0@7 at 1.0 s; out out/0@3 at 1.5 s by a.1, out/0@9 at 9.0 s by a.2; near: kill a.1 at 2.0 s');
  assert.deepEqual(faults, [{ kind: 'kill', target: 'a.1', at: '1970-01-01T00:01:42.000Z' }]);
  assert.equal(jepsen, 'duplicate');
});

test('what lies further away than 5 s is not near', () => {
  const far = { kind: 'kill' as const, target: 'a.1', at: 115_000, until: 115_100, detail: '' };
  const { text } = storyOf(repeated, { faults: [far], samples: [], lives: new Map(), startMs: 100_000 });
  assert.match(text, /; no fault within 5 s$/);
});
