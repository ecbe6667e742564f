import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Help, type HelpFacts, helpFor } from '../../../../src/lab/watch/verdict/help-for.ts';
import type { GroupView, Insight, ProcessView } from '../../../../src/lab/wire/all.ts';

const service = 'inventory-service';
const owned = (number: number, ...partitions: number[]) => ({
  ...{ consumerId: `c${number}`, clientId: `${service}.${number}`, process: `${service}.${number}`, host: '' },
  partitions: partitions.map((partition) => ({ topic: 't', partition })),
});
const facts = (members: ReturnType<typeof owned>[], { lag = [0, 900, 0], throttleMs = 0, running = members.length } = {}): HelpFacts => ({
  groups: [
    {
      ...{ group: 'g', service, state: 'Stable', members, totalLag: lag.reduce((sum, one) => sum + one, 0) },
      partitions: lag.map((one, partition) => ({ topic: 't', partition, lag: one })),
    } as unknown as GroupView,
  ],
  settings: { [service]: { inForce: { throttleMs, failRate: 0, paused: false }, set: {}, everywhere: true, notes: [] } },
  processes: Array.from({ length: running }, (_, index) => ({ name: `${service}.${index + 1}`, service }) as ProcessView),
  most: new Map([[service, 16]]),
});

test('what helps stands beside the cause, and nothing where nothing helps', () => {
  const two = [owned(1, 0, 1), owned(2, 2)];
  const three = [owned(1, 0), owned(2, 1), owned(3, 2)];
  const more: Help = { kind: 'scale', service, count: 3, label: 'One instance more' };
  const table: [what: string, id: Insight['id'], facts: HelpFacts, help: Help | null][] = [
    ['a hot partition that shares its reader', 'hot-partition', facts(two), more],
    ['lag that grows, with partitions to share', 'growing', facts(two), more],
    ['a hot partition alone with its reader', 'hot-partition', facts(three), null],
    [
      'the same, and its reader is slow on purpose',
      'hot-partition',
      facts(three, { throttleMs: 5 }),
      { kind: 'set', service, changes: { throttleMs: 0 }, label: 'Take the throttle off' },
    ],
    ['a throttle without lag is nobody’s trouble', 'throttled', facts(three, { throttleMs: 5, lag: [0, 0, 0] }), null],
    ['paused', 'paused', facts(two), { kind: 'set', service, changes: { paused: false }, label: 'Let inventory-service read on' }],
    ['stopped', 'stopped', facts([], { running: 2 }), { kind: 'start', service, label: 'Start inventory-service' }],
    ['scaled to none', 'stopped', facts([]), { kind: 'scale', service, count: 1, label: 'Run one inventory-service' }],
    ['one too many', 'idle-instance', facts([...three, owned(4)]), { kind: 'scale', service, count: 3, label: 'One instance less' }],
    ['Kafka is away', 'kafka-away', facts(two), null],
  ];
  for (const [what, id, situation, help] of table) assert.deepEqual(helpFor({ id, group: 'g' }, situation), help, what);
  assert.equal(helpFor({ id: 'growing', group: null }, facts(two)), null);
});
