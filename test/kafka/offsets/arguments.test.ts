import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { listBackups, readBackup, writeBackup } from '../../../src/kafka/offsets/backup.ts';
import { formatOffsets, parseOffsets } from '../../../src/kafka/offsets/csv.ts';
import { parseScope, partitionsInScope } from '../../../src/kafka/offsets/scope.ts';
import { parseDuration, parseTarget, type TargetOptions } from '../../../src/kafka/offsets/target.ts';

const usage = { code: 'usage' };
const target = (options: TargetOptions) => parseTarget(options, 1_000_000, () => 'orders,0,7\n', 'g');

describe('the target of a reset', () => {
  it('is exactly one', () => {
    assert.throws(() => target({}), usage);
    assert.throws(() => target({ toEarliest: true, shiftBy: '1' }), /--to-earliest and --shift-by are given/);
  });

  it('is read from each option', () => {
    assert.deepEqual(target({ toOffset: '12' }), { kind: 'offset', offset: 12 });
    assert.deepEqual(target({ shiftBy: '-3' }), { kind: 'shift', by: -3 });
    assert.deepEqual(target({ toDatetime: '2026-11-20T20:30:00.000' }), { kind: 'time', atMs: Date.parse('2026-11-20T20:30:00Z') });
    assert.deepEqual(target({ toDatetime: '2026-11-20T20:30:00+02:00' }), { kind: 'time', atMs: Date.parse('2026-11-20T18:30:00Z') });
    assert.deepEqual(target({ byDuration: 'PT10M' }), { kind: 'time', atMs: 400_000 });
    assert.deepEqual(target({ fromFile: 'f' }), { kind: 'file', offsets: [{ topic: 'orders', partition: 0, offset: 7 }], warnings: [] });
  });

  it('may lie before 1970, and is a whole millisecond', () => {
    assert.deepEqual(target({ toDatetime: '1969-12-31T23:59:59.999Z' }), { kind: 'time', atMs: -1 });
    assert.deepEqual(target({ byDuration: 'P36500D' }), { kind: 'time', atMs: 0 });
    assert.deepEqual(target({ byDuration: `P${'9'.repeat(400)}D` }), { kind: 'time', atMs: 0 });
    assert.deepEqual(target({ byDuration: 'PT0.0005S' }), { kind: 'time', atMs: 1_000_000 });
  });

  it('is refused where it cannot be read', () => {
    for (const toOffset of ['', 'x', '1.5', '9007199254740993']) assert.throws(() => target({ toOffset }), usage);
    assert.throws(() => target({ toDatetime: 'yesterday' }), usage);
    for (const text of ['P', 'PT', '10m', 'P1W', 'P1Y', 'PT1H1', '-PT1H']) assert.throws(() => parseDuration(text), usage, text);
  });

  it('reads durations as Java does', () => {
    assert.equal(parseDuration('P1DT2H3M4.5S'), (((24 + 2) * 60 + 3) * 60 + 4.5) * 1000);
    assert.equal(parseDuration('P2D'), 172_800_000);
    assert.equal(parseDuration('pt90s'), 90_000);
  });
});

describe('the scope of a reset', () => {
  const existing = [0, 1, 2].map((partition) => ({ topic: 'orders', partition }));

  it('is a topic, some of its partitions, or what is committed', () => {
    assert.equal(parseScope([], false), undefined);
    assert.equal(parseScope([], true), 'all');
    assert.deepEqual(parseScope(['orders:0,2'], false), [{ topic: 'orders', partitions: [0, 2] }]);
    assert.throws(() => parseScope(['orders'], true), usage);
    for (const topic of ['', ':1', 'orders:', 'orders:x', 'orders:1:2']) assert.throws(() => parseScope([topic], false), usage, topic);
  });

  it('names each partition once, and only such as exist', () => {
    const scope = parseScope(['orders:1', 'orders'], false) ?? 'all';
    assert.deepEqual(
      partitionsInScope(scope, existing, [])
        .map(({ partition }) => partition)
        .sort(),
      [0, 1, 2],
    );
    assert.throws(() => partitionsInScope([{ topic: 'orders', partitions: [3] }], existing, []), usage);
    assert.throws(() => partitionsInScope([{ topic: 'nope', partitions: undefined }], existing, []), usage);
    assert.deepEqual(partitionsInScope('all', [], [{ topic: 't', partition: 4 }]), [{ topic: 't', partition: 4 }]);
  });
});

describe('offsets in a file', () => {
  it('come back as they were written', () => {
    const offsets = [
      { topic: 'orders', partition: 0, offset: 12 },
      { topic: 'a,"b', partition: 11, offset: -1 },
    ];
    assert.deepEqual(parseOffsets(formatOffsets(offsets), 'g'), { offsets, warnings: [] });
  });

  it('can name their group, as in files of several groups', () => {
    const text = 'g,orders,0,1\nother,orders,0,2\r\n\n';
    const { offsets, warnings } = parseOffsets(text, 'g');
    assert.deepEqual(offsets, [{ topic: 'orders', partition: 0, offset: 1 }]);
    assert.deepEqual(warnings, ["1 of 2 lines are of other groups ('other'): not for 'g'"]);
    assert.throws(() => parseOffsets(text, 'nobody'), usage);
  });

  const wrong: [string, RegExp][] = [
    ['orders,0,1\norders,x,1\n', /line 2 of the file .*: the partition "x" is no whole number/],
    ['orders,0,1\n\n\norders,1,x\n', /line 4 of the file .*: the offset "x" is no whole number/],
    ['orders,1,3\norders,0,5,\n', /line 2 of the file .*: there is nothing behind its last comma/],
    ['g,orders,0,1\nother,orders,zero,1\n', /line 2 of the file .*: the partition "zero"/],
    ['orders;0;1\n', /line 1 of the file .*: its columns stand apart by a semicolon/],
    ['orders\t0\t1\n', /line 1 of the file .*: its columns stand apart by a tab/],
    ['TOPIC,PARTITION,NEW-OFFSET\norders,0,1\n', /line 1 of the file .*: it is a heading: take it out/],
    ['orders,0\n', /line 1 of the file .*: it has 2 columns/],
    ['orders,0,1\n,0,2\n', /line 2 of the file .*: the topic is empty/],
    ['orders,0,9007199254740993\n', /line 1 of the file .*: the offset "9007199254740993" is no whole number/],
    ['orders,0,1\norders,0,2\n', /orders partition 0 twice/],
    ['orders,0,"1\n', /not CSV/],
    ['', /no offset for the group 'g'/],
  ];
  for (const [text, message] of wrong) {
    it(`are refused whole, with the line and the cause: ${JSON.stringify(text)}`, () => {
      assert.throws(() => parseOffsets(text, 'g'), { code: 'usage', message });
    });
  }
});

describe('a backup', () => {
  const home = mkdtempSync(join(tmpdir(), 'replayground-backup-'));
  const row = { topic: 'orders', partition: 0, before: 5, newOffset: 0, delta: -5 };

  it('is found by its group, the newest first choice', (t) => {
    t.after(() => rmSync(home, { recursive: true, force: true }));
    const older = writeBackup(home, 'a/b', [row], new Date('2026-01-01T00:00:00Z'));
    const newer = writeBackup(home, 'a/b', [{ ...row, before: undefined }], new Date('2026-01-02T00:00:00Z'));
    writeBackup(home, 'a/b-2', [row], new Date('2026-01-03T00:00:00Z'));
    assert.deepEqual(listBackups(home, 'a/b'), [older, newer]);
    assert.deepEqual(readBackup(home, 'a/b'), { path: newer, offsets: [{ topic: 'orders', partition: 0, offset: -1 }] });
    assert.equal(readBackup(home, 'a/b', older).offsets[0]?.offset, 5);
    assert.equal(readBackup(home, 'a/b', older.slice(older.lastIndexOf('/') + 1)).path, older);
    assert.throws(() => readBackup(home, 'nobody'), { code: 'no-backup' });
    writeFileSync(join(home, 'elsewhere.csv'), 'orders,0,9\n');
    assert.equal(readBackup(home, 'a/b', join(home, 'elsewhere.csv')).offsets[0]?.offset, 9);
  });
});
