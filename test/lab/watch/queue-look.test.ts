/** When Kafka is asked for a share group, and what is told of it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SharePartition } from '../../../src/lab/broker/share-groups.ts';
import { QueueLook } from '../../../src/lab/watch/queue-look.ts';
import type { ProcessView } from '../../../src/lab/wire/all.ts';
import { until } from '../../support/until.ts';

const worker = (instance: number, state = 'healthy') => ({ name: `teller.${instance}`, service: 'teller', state }) as ProcessView;
const services = [
  { name: 'reader', most: 4, group: 'readers', reads: ['decisions'], writes: [] },
  { name: 'teller', most: 4, group: null, shareGroup: 'tellers', reads: ['decisions'], writes: ['told'] },
];

test('nobody asks Kafka while no page is open or no worker was ever there; then what it told stays, its workers gone', async (t) => {
  let processes: ProcessView[] = [];
  let isWatched = false;
  const asked: string[] = [];
  const answer: SharePartition[] = [
    { topic: 'decisions', partition: 0, startOffset: 5, lag: 1400 },
    { topic: 'decisions', partition: 1, startOffset: 7, lag: 601 },
    { topic: 'decisions', partition: 2, startOffset: undefined, lag: undefined },
  ];
  const shareOffsets = async (group: string): Promise<SharePartition[]> => {
    asked.push(group);
    return answer;
  };
  const look = new QueueLook({ services, shareOffsets, processes: () => processes, isWatched: () => isWatched });
  const stop = new AbortController();
  t.after(() => stop.abort());
  look.start(stop.signal);
  const figures = { told: 3, released: 2, rejected: 1, late: 0, redelivered: 2, inFlight: 7 };
  const view = () => look.views(new Map([['teller.2', figures]]), 4)[0];

  assert.deepEqual([view()?.running, view()?.backlog, view()?.askedAt, view()?.autoscaler], [0, null, null, null]);
  isWatched = true;
  processes = [worker(1), worker(2)];
  await until(() => asked.length > 0, { what: 'Kafka is asked' });
  await until(() => view()?.backlog === 2001, { what: 'what it told is shown' });
  assert.deepEqual(asked, ['tellers']);
  assert.deepEqual(view()?.workers, [
    { process: 'teller.1', figures: null },
    { process: 'teller.2', figures },
  ]);
  assert.deepEqual([view()?.partitions[2]?.lag, view()?.archived, view()?.autoscaler?.wanted], [null, 4, 3]);
  processes = [worker(1, 'stopped')];
  assert.deepEqual([view()?.running, view()?.backlog], [0, 2001]);
});
