import assert from 'node:assert/strict';
import test from 'node:test';
import { figuresOf, queueBox, queueNote } from '../../dashboard/src/lib/queue.ts';
import { writtenPerSec } from '../../dashboard/src/lib/written.ts';
import type { ProcessView, QueueView, RuntimeValues, Sample } from '../../src/lab/wire/all.ts';

const figures = { told: 10, released: 2, rejected: 1, late: 0, redelivered: 2, inFlight: 7 };
const queue = (more: Partial<QueueView> = {}): QueueView => ({
  ...{ group: 'workers', service: 'notification-service', reads: ['decisions'], running: 2, partitions: [], backlog: 12_400 },
  ...{ askedAt: null, archived: 0, autoscaler: null },
  workers: [
    { process: 'notification-service.1', figures },
    { process: 'notification-service.2', figures: null },
    { process: 'notification-service.3', figures },
  ],
  ...more,
});
const processes = (...states: ProcessView['state'][]) =>
  states.map(
    (state, i) => ({ name: `notification-service.${i + 1}`, service: 'notification-service', state, detail: null }) as ProcessView,
  );
const inForce = (more: Partial<RuntimeValues> = {}): RuntimeValues => ({ throttleMs: 0, failRate: 0, paused: false, ...more });

test('one box tells of all workers, the worst first', () => {
  const box = (states: ProcessView['state'][], values = inForce(), running = states.length) => {
    const { title, tone, doing } = queueBox(queue({ running }), processes(...states), values);
    return [title, tone, doing];
  };
  assert.deepEqual(box([]), ['notification', 'off', 'off']);
  assert.deepEqual(box(['healthy']), ['notification', 'ok', '1 works']);
  assert.deepEqual(box(['healthy', 'healthy', 'starting']), ['notification', 'ok', '2 work']);
  assert.deepEqual(box(['starting']), ['notification', 'warn', 'starting']);
  assert.deepEqual(box(['healthy', 'restarting', 'healthy']), ['notification', 'bad', '1 restarting']);
  assert.deepEqual(box(['healthy', 'healthy'], inForce({ throttleMs: 10 })), ['notification', 'warn', '2 work']);
  assert.deepEqual(box(['healthy'], inForce({ paused: true })), ['notification', 'warn', 'paused']);
  assert.deepEqual(box(['stopped'], inForce(), 0), ['notification', 'off', 'off']);
});

test('what the workers did is the sum of those that tell; nothing is told where none does', () => {
  assert.deepEqual(figuresOf(queue()), { told: 20, released: 4, rejected: 2, late: 0, redelivered: 4, inFlight: 14 });
  assert.equal(figuresOf(queue({ workers: [] })), null);
});

test('what waits and what is in flight, as much of it as there is room for', () => {
  assert.equal(queueNote(queue(), 40), '12.4k wait, 14 in flight');
  assert.equal(queueNote(queue(), 12), '12.4k wait');
  assert.equal(queueNote(queue({ backlog: null, workers: [] }), 40), '');
});

test('a topic is written as fast as its ends move, over some seconds', () => {
  const layout = { ends: [0, 1].map((partition) => ({ topic: 'told', partition })), commits: [] };
  const samples = Array.from({ length: 8 }, (_, i) => ({ atMs: i * 1000, ends: [i * 10, i * 20] }) as unknown as Sample);
  assert.equal(writtenPerSec('told', layout, samples), 30);
  assert.equal(writtenPerSec('other', layout, samples), null);
  assert.equal(writtenPerSec('told', layout, samples.slice(0, 2)), null);
});
