import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LiveFeed } from '../../../src/lab/watch/live-feed.ts';
import { Marks } from '../../../src/lab/watch/samples/timeline-marks.ts';
import type { Mark } from '../../../src/lab/wire/all.ts';

const mark = (id: number): Mark => ({ id, atMs: id, kind: 'set', subject: 's', text: 't' });
const names = (feed: LiveFeed, id?: string): string[] => feed.greeting(id).map(({ name }) => name);

test('a reader that comes back gets what it missed, once and in order', () => {
  const feed = new LiveFeed();
  feed.send('mark', mark(1));
  const seen = feed.lastEventId;
  feed.send('mark', mark(2));
  feed.send('mark', mark(3));
  const missed = feed.greeting(seen).flatMap(({ name, data }) => (name === 'mark' ? [(data as Mark).id] : []));
  assert.deepEqual(missed, [2, 3]);
  assert.deepEqual(names(feed, feed.lastEventId), ['hello']);
  assert.deepEqual(names(feed), ['hello']);
});

test('a reader of another lab, or one that was away too long, is told to begin anew', () => {
  const feed = new LiveFeed();
  const first = feed.lastEventId;
  for (let id = 0; id < 700; id += 1) feed.send('mark', mark(id));
  assert.deepEqual(names(feed, first), ['hello', 'reset']);
  assert.deepEqual(names(feed, 'abcdef01-3'), ['hello', 'reset']);
  assert.deepEqual(names(feed, 'nonsense'), ['hello', 'reset']);
});

test('a mark that follows from another one is left out', () => {
  const told: string[] = [];
  const marks = new Marks(({ kind }) => told.push(kind));
  marks.add('kill', 'inventory-service.1', 'killed', 0);
  marks.add('crash', 'inventory-service.1', 'killed by SIGKILL', 100);
  marks.add('crash', 'inventory-service.2', 'exit code 1', 200);
  marks.add('scale', 'inventory-service', 'scaled to 1', 10_000);
  marks.add('stop', 'inventory-service.2', 'stopped', 10_100);
  marks.add('stop', 'analytics-service', 'stopped', 10_200);
  assert.deepEqual(told, ['kill', 'crash', 'scale', 'stop']);
});

test('a reset that was asked for and then seen in the offsets is told once, and its undo again', () => {
  const told: string[] = [];
  const marks = new Marks(({ text }) => told.push(text));
  const [back, forward] = ['g: 2 partitions back by 9 records', 'g: 2 partitions forward by 9 records'];
  marks.add('reset', 'inventory-service', back, 0);
  marks.add('reset', 'inventory-service', back, 4000);
  marks.add('reset', 'inventory-service', forward, 4500);
  marks.add('reset', 'inventory-service', forward, 6000);
  marks.add('reset', 'inventory-service', back, 7000);
  assert.deepEqual(told, [back, forward, back]);
});
