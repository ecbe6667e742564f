/** The file of a run: how large, what is kept, and that it comes back as it was. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { firstTold, momentAt, unpack } from '../../../dashboard/src/lib/playback.ts';
import { buildPageIfStale } from '../../../src/lab/page/build-page.ts';
import { bundledIn, noticesName } from '../../../src/lab/page/notices.ts';
import { pageFolder, recordingPage } from '../../../src/lab/page/page-folder.ts';
import { recordingFacts, recordingFile } from '../../../src/lab/recording/recording-file.ts';
import { Tape } from '../../../src/lab/recording/tape.ts';
import type { LiveState, Recording, RecordingFacts, Sample } from '../../../src/order-lab/wire/all.ts';
import { madeUpEvents, madeUpLooks } from '../../support/made-up-run.ts';

const madeUp = {
  title: 'made up',
  system: { name: 'orders' },
  fromMs: 0,
  toMs: 0,
  terminal: {},
  pipeline: null,
} as unknown as RecordingFacts;
const facts = recordingFacts(madeUp, [{ name: 'Seed', value: '7' }]);

function recorded(seconds: number, tape = new Tape()): { tape: Tape; blocks: string[] } {
  for (const event of madeUpEvents(seconds)) tape.take(event);
  return { tape, blocks: tape.cut(0)?.blocks ?? [] };
}

const contents = (file: string): Recording =>
  JSON.parse(/<script type="application\/json" id="recording">(.*?)<\/script>/s.exec(file)?.[1] ?? '') as Recording;

test('fifteen minutes, with the page, records and logs, are a file of less than 2 MB', async () => {
  await buildPageIfStale(() => {});
  const page = readFileSync(recordingPage, 'utf8');
  const file = recordingFile(page, facts, recorded(900).blocks, madeUpLooks());
  const bytes = Buffer.byteLength(file);
  assert.ok(bytes < 2_000_000, `${bytes} bytes`);
  assert.ok(bytes > Buffer.byteLength(page) + 100_000, 'it holds something');
});

test('it carries the licences and notices of the software that is in it, and so does the page that the lab serves', async () => {
  await buildPageIfStale(() => {});
  const recorded = recordingFile(readFileSync(recordingPage, 'utf8'), facts, [], []);
  const [, carried = ''] = /<script type="text\/markdown" id="third-party">(.*?)<\/script>/s.exec(recorded) ?? [];
  const served = readFileSync(join(pageFolder, noticesName), 'utf8');
  for (const text of [carried, served]) {
    assert.match(text, /^## svelte - [\d.]+ \(MIT\)$[\s\S]*\[Svelte Contributors\][\s\S]*Permission is hereby granted/m);
    assert.match(text, /^## echarts - [\d.]+ \(Apache-2\.0\)$[\s\S]*TERMS AND CONDITIONS/m);
    assert.match(text, /^## zrender - [\d.]+ \(BSD-3-Clause\)$[\s\S]*Redistribution and use/m);
    // What echarts says beside its licence: its own notice, and that of what it took over.
    assert.match(
      text,
      /^### echarts: NOTICE$[\s\S]*developed at\nThe Apache Software Foundation[\s\S]*^### echarts: LICENSE-d3$[\s\S]*Bostock/m,
    );
  }
  assert.deepEqual(bundledIn(carried), bundledIn(served));
});

test('each second comes back as the page was told of it', async () => {
  const events = madeUpEvents(130);
  const recording = contents(recordingFile('<!--recording-->', facts, recorded(130).blocks, madeUpLooks()));
  const unpacked = await unpack(recording);
  const states = events.filter(({ name }) => name === 'state').map(({ data }) => data as LiveState);
  const samples = events.filter(({ name }) => name === 'sample').map(({ data }) => data as Sample);
  assert.deepEqual(
    unpacked.frames.map(({ live }) => live),
    JSON.parse(JSON.stringify(states)),
  );
  assert.deepEqual(unpacked.looks, JSON.parse(JSON.stringify(madeUpLooks())));
  const moment = momentAt(unpacked, 100);
  assert.deepEqual(moment?.live, JSON.parse(JSON.stringify(states[100])));
  assert.deepEqual(moment?.samples, samples.slice(0, 101));
  assert.equal(moment?.marks.at(-1)?.text, '3 members share 3 partitions, 100');
});

test('it opens at the first second in which there is something to see', () => {
  const [nothing, told] = [
    { ends: [], commits: [] },
    { ends: [{ topic: 'orders', partition: 0 }], commits: [] },
  ];
  assert.equal(firstTold([nothing, nothing, told, told].map((layout) => ({ layout }))), 2);
  assert.equal(firstTold([told, told].map((layout) => ({ layout }))), 0);
  assert.equal(firstTold([nothing].map((layout) => ({ layout }))), 0);
});

test('it says in plain sight what it was made by, and what is known of its run', () => {
  const { format, about } = contents(recordingFile('<!--recording-->', facts, [], []));
  assert.equal(format, 1);
  assert.deepEqual(
    about.map(({ name }) => name),
    ['Replayground', 'Node', 'Machine', 'Seed'],
  );
});

test('what is recorded cannot end the element that it stands in', () => {
  const looks = [{ path: '/api/topics', atMs: 0, body: 'text' }];
  const file = recordingFile('<p><!--recording--></p>', { ...facts, title: '</script><script>alert(1)</script>$&' }, [], looks);
  assert.equal(file.match(/<\/script>/g)?.length, 1);
  assert.equal(contents(file).title, '</script><script>alert(1)</script>$&');
});

test('a tape keeps no more than it may: the oldest minutes go', () => {
  const { tape } = recorded(600, new Tape({ keptMs: 180_000, mostBytes: 10_000_000 }));
  const { fromMs, toMs } = tape.cut(0) ?? { fromMs: 0, toMs: 0 };
  assert.ok(toMs - fromMs >= 180_000 && toMs - fromMs <= 300_000, `${toMs - fromMs} ms`);
  const small = recorded(600, new Tape({ keptMs: 3_600_000, mostBytes: 20_000 }));
  assert.ok(small.blocks.length <= 2, `${small.blocks.length} blocks`);
  assert.equal(small.tape.cut(Date.now()), null, 'nothing of a time that has not come');
});
