/** What Kafka's tool for share groups prints, as it was printed by 4.4.0. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newOffsets, shareMembers, shareOffsets, shareState } from '../../../src/lab/broker/share-groups.ts';

test('offsets: the start, and a lag that is not known until the partition is initialised', () => {
  const text =
    '\nGROUP            TOPIC            PARTITION  START-OFFSET  LAG\nmy group         events           0          308           7\nmy group         events           1          -             -';
  assert.deepEqual(shareOffsets(text, 'my group'), [
    { topic: 'events', partition: 0, startOffset: 308, lag: 7 },
    { topic: 'events', partition: 1, startOffset: undefined, lag: undefined },
  ]);
  assert.deepEqual(shareOffsets(text, 'other'), []);
});

test('members with what they may read, state, new offsets', () => {
  const members =
    'GROUP            CONSUMER-ID            HOST            CLIENT-ID       #PARTITIONS  ASSIGNMENT\nworkers krS0nHDNS4ST4BzX6dHyrA /127.0.0.1      service.1         3            a:0,1;b:2\nworkers other /127.0.0.1 service.2 0 -';
  assert.deepEqual(shareMembers(members, 'workers'), [
    {
      ...{ consumerId: 'krS0nHDNS4ST4BzX6dHyrA', host: '/127.0.0.1', clientId: 'service.1' },
      partitions: [
        { topic: 'a', partition: 0 },
        { topic: 'a', partition: 1 },
        { topic: 'b', partition: 2 },
      ],
    },
    { consumerId: 'other', host: '/127.0.0.1', clientId: 'service.2', partitions: [] },
  ]);
  const state = 'GROUP            COORDINATOR (ID)          STATE           #MEMBERS\nworkers 127.0.0.1:30727  (1)      Stable          6';
  assert.deepEqual(shareState(state, 'workers'), { coordinator: '127.0.0.1:30727 (1)', state: 'Stable', members: 6 });
  assert.equal(shareState('', 'workers'), undefined);
  assert.deepEqual(newOffsets('GROUP TOPIC PARTITION  NEW-OFFSET\nworkers a 0          17', 'workers'), [
    { topic: 'a', partition: 0, newOffset: 17 },
  ]);
});
