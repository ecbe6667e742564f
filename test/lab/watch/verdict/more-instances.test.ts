import assert from 'node:assert/strict';
import { test } from 'node:test';
import { moreInstances } from '../../../../src/lab/watch/verdict/more-instances.ts';

const member = (number: number, ...partitions: number[]) => ({
  consumerId: `c${number}`,
  host: '/127.0.0.1',
  clientId: `client-${number}`,
  process: `inventory-service.${number}`,
  partitions: partitions.map((partition) => ({ topic: 'orders', partition })),
});
const lags = (...all: (number | null)[]) => all.map((lag, partition) => ({ topic: 'orders', partition, lag }));

const cannot = 'more instances cannot help, a partition has one reader';
const situations: [what: string, lag: (number | null)[], members: ReturnType<typeof member>[], helps: boolean | null, text: RegExp][] = [
  ['nothing waits', [0, 0, 0], [member(1, 0, 1, 2)], false, /^nothing waits$/],
  ['what is not known does not wait', [null, null, 0], [member(1, 0, 1, 2)], false, /^nothing waits$/],
  ['one reads all', [500, 500, 500], [member(1, 0, 1, 2)], true, /^inventory-service\.1 reads 3 partitions, one more instance/],
  [
    'the reader of the hot partition reads another as well',
    [0, 900, 100],
    [member(1, 0, 1), member(2, 2)],
    true,
    /^inventory-service\.1 reads 2/,
  ],
  ['the hot partition has a reader of its own', [900, 0, 0], [member(1, 0), member(2, 1, 2)], false, new RegExp(cannot)],
  ['but another one that waits has not', [900, 0, 5], [member(1, 0), member(2, 1, 2)], true, /^inventory-service\.2 reads 2/],
  ['each has its own', [9, 9, 9], [member(1, 0), member(2, 1), member(3, 2)], false, new RegExp(cannot)],
  ['more members than partitions', [9, 9, 9], [member(1, 0), member(2, 1), member(3, 2), member(4)], false, new RegExp(cannot)],
  ['nobody reads', [9], [], true, /nobody/],
  ['one has no reader yet', [9, 9], [member(1, 0)], null, /not every partition/],
];

for (const [what, lag, members, helps, text] of situations) {
  test(`${what}: more instances ${helps === null ? 'are not judged' : helps ? 'help' : 'do not help'}`, () => {
    const judged = moreInstances({ members, partitions: lags(...lag), state: 'Stable' });
    assert.equal(judged.helps, helps);
    assert.match(judged.text, text);
  });
}

test('nothing is told while the partitions are being shared out', () => {
  assert.equal(moreInstances({ members: [member(1, 0)], partitions: lags(9), state: 'PreparingRebalance' }).helps, null);
});
