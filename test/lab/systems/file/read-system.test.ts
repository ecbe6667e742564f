import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ownSystems } from '../../../../src/lab/systems/file/find-system.ts';
import { readSystem } from '../../../../src/lab/systems/file/read-system.ts';

const good = `name: copy
topics:
  in: { partitions: 3 }
  out: { partitions: 3 }
services:
  copier:
    command: [python3, copier.py]
    group: copier
    reads: [in]
    writes: [out]
ledger:
  - { from: in, to: out, id: key }
load: { topic: in, key: "o-{n}", value: { id: "o-{n}" } }
`;

/** @returns what reading it says, without the path */
function problemsOf(text: string): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'a system with spaces '));
  const file = join(folder, 'system.yaml');
  try {
    writeFileSync(file, text);
    readSystem(file);
    return [];
  } catch (error) {
    return (error as Error).message.split('\nlab: ').map((line) => line.replace(`${file}:`, ''));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('a system that is right has no problems, and neither have those that come with the lab', () => {
  assert.deepEqual(problemsOf(good), []);
  assert.ok(ownSystems().length > 0);
  for (const file of ownSystems()) assert.equal(typeof readSystem(file).name, 'string');
});

const wrong: [what: string, from: string, to: string, expected: RegExp][] = [
  ['no YAML', 'name: copy', 'name: [copy', /^\d+:\d+: this is no YAML/],
  ['a bad name', 'name: copy', 'name: My Copy', /^1:7: name is "My Copy": allowed is small letters/],
  [
    'a missing part',
    'load: { topic: in, key: "o-{n}", value: { id: "o-{n}" } }\n',
    '',
    /^1:1: load is missing: allowed is where the records/,
  ],
  ['an unknown word', 'group: copier', 'grup: copier', /^8:5: services\.copier\.grup is not known: allowed are setup, .*group/],
  [
    'no partitions',
    'in: { partitions: 3 }',
    'in: { partitions: 0 }',
    /^3:21: topics\.in\.partitions is 0: allowed is a whole number from 1/,
  ],
  ['an id of another form', 'id: key', 'id: { heder: x }', /^12:30: ledger\.0\.id is \{"heder":"x"\}: allowed is key, \{ header/],
  ['two ways to be ready', 'group: copier', 'ready: { log: a, member: true }', /^8:12: services\.copier\.ready is .*: allowed is one of/],
  ['a member of no group', 'group: copier', 'ready: { member: true }', /^8:12: copier is ready as a member, but names no group/],
  ['a topic that is not there', 'reads: [in]', 'reads: [inn]', /^9:13: there is no topic inn: allowed are in, out/],
  [
    'fewer at most than at the start',
    'group: copier',
    'instances: { start: 3, most: 2 }',
    /^8:16: copier starts with 3 instances, but has 2/,
  ],
  ['no pattern', 'group: copier', 'ready: { log: "(" }', /^8:19: \( is no regular expression/],
  ['neither value nor file', ', value: { id: "o-{n}" }', '', /^13:7: load has none of value, file and command/],
  ['an id of a topic that nobody reads', 'from: in, to: out', 'from: out, to: in', /^12:13: no service reads out: allowed is a topic in/],
  [
    'a name of no topic',
    'command: [python3, copier.py]',
    'command: [python3, "{topic:inn}"]',
    /^7:24: \{topic:inn\}: there is no topic inn/,
  ],
  ['a name of no group', 'group: copier', 'env: { G: "{group}" }', /^8:15: \{group\}: copier names no group/],
  [
    'two kinds of groups',
    'group: copier',
    'group: copier\n    share-group: copiers',
    /^9:18: copier names a group and a share-group: allowed is one of them/,
  ],
  ['settings in a topic of records', 'name: copy', 'settings: in\nname: copy', /^1:11: in is no topic for settings: allowed is one of one/],
  [
    'a digest of nobody',
    'name: copy',
    'digest: { url: /stats, pointer: /digest }\nname: copy',
    /^1:9: which service is asked\? allowed is service: with one/,
  ],
  [
    'a digest of whom the lab cannot have read again',
    'name: copy',
    'digest: { url: "http://localhost/stats", pointer: /digest }\nname: copy',
    /^1:9: who is to read again\? allowed is service: with one that has a group/,
  ],
  [
    'a replay without a digest',
    'name: copy',
    'replay: { url: "http://localhost/replay" }\nname: copy',
    /^1:9: replay has no digest to compare/,
  ],
  ["a claim of one's own", 'name: copy', 'claims: always\nname: copy', /^1:9: claims is "always": allowed is exactly-once/],
];

for (const [what, from, to, expected] of wrong) {
  test(`${what}: a line with its place and what is allowed`, () => {
    assert.ok(good.includes(from));
    const problems = problemsOf(good.replace(from, to));
    assert.equal(problems.length, 1, problems.join('\n'));
    assert.match(problems[0] ?? '', expected);
  });
}

test('all problems are told at once, in the order of the file', () => {
  const problems = problemsOf(good.replace('name: copy', 'name: C').replace('partitions: 3', 'partitions: x').replace('id: key', 'id: 7'));
  assert.deepEqual(
    problems.map((line) => line.split(':')[0]),
    ['1', '3', '12'],
  );
});

test('a file that is not there is one line', () => {
  assert.throws(() => readSystem('/nowhere/system.yaml'), /^ReplaygroundError: \/nowhere\/system\.yaml cannot be read/);
});
