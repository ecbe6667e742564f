import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEventLog } from '../../../../src/lab/supervisor/event-log.ts';
import { markProcesses } from '../../../../src/lab/watch/samples/mark-processes.ts';
import { Marks } from '../../../../src/lab/watch/samples/timeline-marks.ts';
import type { Mark } from '../../../../src/lab/wire/all.ts';
import type { ProcessPhase } from '../../../../src/lab/wire/lab-state.ts';

type View = Parameters<Parameters<typeof markProcesses>[0]['onProcess']>[0];

/** A lab of one process, and what was marked. */
function watched(name = 'inventory-service.1', service = 'inventory-service') {
  const view = { name, service, state: 'stopped', detail: null } as unknown as { state: ProcessPhase; detail: string | null };
  const seen: Mark[] = [];
  const events = createEventLog();
  const marks = new Marks((mark) => seen.push(mark));
  const stop = markProcesses({ events, supervisor: { views: () => [view as unknown as View] }, marks, onProcess: () => {} });
  const turn = (state: ProcessPhase, detail: string | null = null): void => {
    Object.assign(view, { state, detail });
    events.add('state', name, state);
  };
  return { marks, events, stop, turn, texts: () => seen.map(({ kind, subject, text }) => `${kind} ${subject}: ${text}`) };
}

test('a process that ends is marked as a crash, with the reason that it gave, and its return as a part of that', () => {
  const { turn, texts } = watched();
  turn('starting');
  turn('healthy');
  turn('restarting', 'exit code 1: no Kafka answers');
  turn('starting');
  turn('healthy');
  assert.deepEqual(texts(), ['start inventory-service.1: healthy', 'crash inventory-service.1: exit code 1: no Kafka answers']);
});

test('a crash right after a kill is that kill, and an end of Kafka is one of Kafka', () => {
  const service = watched();
  service.turn('healthy');
  service.marks.add('kill', 'inventory-service.1', 'kill -9');
  service.turn('restarting', 'SIGKILL');
  assert.deepEqual(service.texts(), ['kill inventory-service.1: kill -9']);
  const broker = watched('kafka', 'kafka');
  broker.turn('healthy');
  broker.turn('restarting', 'SIGKILL');
  assert.deepEqual(broker.texts(), ['kafka kafka: SIGKILL']);
});

test('the same state told again is no cause, scaling is one, and afterwards nothing is heard', () => {
  const { turn, texts, events, stop } = watched();
  turn('stopped');
  turn('stopped');
  events.add('scale', 'inventory-service', 'to 3');
  stop();
  turn('restarting');
  assert.deepEqual(texts(), ['stop inventory-service.1: stopped', 'scale inventory-service: to 3']);
});
