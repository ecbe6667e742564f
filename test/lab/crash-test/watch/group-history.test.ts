import assert from 'node:assert/strict';
import { test } from 'node:test';
import { committedAt, rebalancesAtWork, type Sample, stalledSec } from '../../../../src/lab/crash-test/watch/group-history.ts';

/** A look a second at one partition. */
const looks = (list: readonly { committed: number; end: number; owner?: string; alive?: boolean }[]): Sample[] =>
  list.map(({ committed, end, owner = 'a', alive = true }, second) => ({
    atMs: second * 1000,
    groups: [{ group: 'g', members: 1, partitions: [{ topic: 't', partition: 0, committed, end, owner }] }],
    transactionOpen: false,
    written: 0,
    alive: new Set(alive ? ['g'] : []),
  }));

const stuck = [1, 2, 3, 4, 5].map((end) => ({ committed: 1, end: end + 1 }));

test('a partition with lag that is not read on is stalled, one without lag is not', () => {
  assert.equal(stalledSec(looks(stuck)), 4);
  assert.equal(stalledSec(looks(stuck.map(() => ({ committed: 1, end: 1 })))), 0);
  assert.equal(stalledSec(looks(stuck.map(({ end }) => ({ committed: end - 1, end })))), 0);
});

test('nothing is stalled while no process runs, or while there is no Kafka', () => {
  assert.equal(stalledSec(looks(stuck.map((look) => ({ ...look, alive: false })))), 0);
  assert.equal(stalledSec(looks(stuck), [{ at: 500, until: 3000 }]), 1);
});

test('a rebalance counts where commits went on around it', () => {
  const at = (committed: number, owner: string) => ({ committed, end: 100, owner });
  assert.equal(rebalancesAtWork(looks([at(1, 'a'), at(2, 'b'), at(3, 'b')])), 1);
  assert.equal(rebalancesAtWork(looks([at(1, 'a'), at(1, 'b'), at(1, 'b')])), 0);
});

test('when an offset was committed, and who owned its partition until then', () => {
  const samples = looks([
    { committed: 1, end: 9, owner: 'a' },
    { committed: 5, end: 9, owner: 'b' },
  ]);
  assert.deepEqual(committedAt(samples, { topic: 't', partition: 0, offset: 4 }), { atMs: 1000, owner: 'a' });
  assert.equal(committedAt(samples, { topic: 't', partition: 0, offset: 5 }), undefined);
});
