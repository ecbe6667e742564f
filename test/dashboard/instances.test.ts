import assert from 'node:assert/strict';
import test from 'node:test';
import { instanceViews, paceText, shortDoing, together } from '../../dashboard/src/lib/instances.ts';
import type { GroupView, ProcessView } from '../../src/order-lab/wire/all.ts';

const process = (n: number, state: ProcessView['state'] = 'healthy'): ProcessView => ({
  name: `inventory-service.${n}`,
  service: 'inventory-service',
  state,
  pid: 1,
  port: null,
  restarts: 0,
  since: '2026-11-21T12:00:00.000Z',
  rssBytes: null,
  detail: null,
});
const normal = { throttleMs: 0, failRate: 0.05, paused: false };

/** @param owners who owns partition 0, 1, ... */
function group(owners: (number | null)[], state: GroupView['state'] = 'Stable'): GroupView {
  const partitions = owners.map((owner, partition) => ({
    topic: 'order-events',
    partition,
    committed: 0,
    end: 0,
    lag: 0,
    lagShare: null,
    readPerSec: null,
    ageSec: null,
    drainSec: null,
    error: null,
    owner: owner === null ? null : { consumerId: `c${owner}`, host: '/127.0.0.1', clientId: 'x', process: `inventory-service.${owner}` },
  }));
  return { group: 'g', service: 'inventory-service', state, partitions, members: [] } as unknown as GroupView;
}

const doing = (processes: ProcessView[], of: GroupView, settings = normal): string[] =>
  instanceViews(processes, of, 'order-events', settings).map((view) => `${view.title}: ${view.doing} (${view.tone})`);

test('an instance that got no partition of a stable group is idle', () => {
  assert.deepEqual(doing([process(1), process(2)], group([1, 1, 1])), ['inventory 1: reads 0, 1, 2 (ok)', 'inventory 2: idle (idle)']);
});

test('one without a partition while the group shares out is joining, not idle', () => {
  assert.deepEqual(doing([process(2)], group([null], 'PreparingRebalance')), ['inventory 2: joining (warn)']);
});

test('a crash, a throttle and a pause can be told apart', () => {
  assert.deepEqual(doing([process(1, 'restarting')], group([1])), ['inventory 1: restarting (bad)']);
  assert.deepEqual(doing([process(1)], group([1]), { ...normal, throttleMs: 10 }), ['inventory 1: reads 0 (warn)']);
  assert.deepEqual(doing([process(1)], group([1]), { ...normal, paused: true }), ['inventory 1: paused (warn)']);
});

test('a process that is gone owns nothing, whatever the broker still believes', () => {
  const [view] = instanceViews([process(1, 'stopped')], group([1]), 'order-events', normal);
  assert.deepEqual(view?.partitions, []);
});

test('a member of the group that is no process of the lab is shown once, though it may be in the group with two lives', () => {
  const member = { clientId: 'inventory-service.2', host: '/127.0.0.1', process: null };
  const of = {
    ...group([1]),
    members: [
      { ...member, consumerId: 'first' },
      { ...member, consumerId: 'second' },
    ],
  } as unknown as GroupView;
  const views = instanceViews([process(1)], of, 'order-events', normal);
  assert.deepEqual(
    views.map(({ name, doing }) => `${name}: ${doing}`),
    ['inventory-service.1: reads 0', 'inventory-service.2: idle'],
  );
});

test('where there is little room, what it reads stays readable', () => {
  assert.deepEqual(
    [20, 9.8, 6, 5].map((letters) => shortDoing('reads 0, 1, 2', letters)),
    ['reads 0,1,2', 'p0,1,2', 'p0,1,2', 'p0,1…'],
  );
  assert.equal(shortDoing('restarting', 9.8), 'restarti…');
});

test('one box for several instances tells how many read, and the worst of what they do', () => {
  const views = (processes: ProcessView[]) => instanceViews(processes, group([1, 1, 2]), 'order-events', normal);
  const [alone] = views([process(1)]);
  assert.equal(together(views([process(1)]))?.doing, alone?.doing);
  const all = together(views([process(1), process(2), process(3)]));
  assert.deepEqual([all?.doing, all?.tone, all?.partitions], ['2 of 3 read', 'ok', [0, 1, 2]]);
  assert.match(all?.why ?? '', /inventory-service\.3: idle/);
  const broken = together(views([process(1), process(2, 'restarting')]));
  assert.deepEqual([broken?.doing, broken?.tone], ['restarting', 'bad']);
});

test('which reader is full and which has nothing to do can be told apart', () => {
  const rows = [
    { topic: 'order-events', partition: 0, lag: 0, readPerSec: 3, readerPerSec: 0 },
    { topic: 'order-events', partition: 1, lag: 12_310, readPerSec: 97, readerPerSec: 95 },
    { topic: 'order-events', partition: 2, lag: 40, readPerSec: 60, readerPerSec: null },
    { topic: 'order-events', partition: 3, lag: null, readPerSec: null },
    { topic: 'inventory-events', partition: 0, lag: 9, readPerSec: 9 },
  ];
  const of = { partitions: rows } as unknown as GroupView;
  assert.equal(paceText(of, 'order-events', [0]), 'nothing waits');
  assert.equal(paceText(of, 'order-events', [0, 1]), '95/s, 12.3k left', 'the rate that the forecast goes by');
  assert.equal(paceText(of, 'order-events', [2]), '40 left', 'a moment after a cause no rate is known');
  assert.equal(paceText(of, 'order-events', [1], true), '12.3k left');
  assert.equal(paceText(of, 'order-events', [3]), '', 'what is not known is not told');
  assert.equal(paceText(of, 'order-events', []), '');
});
