import assert from 'node:assert/strict';
import test from 'node:test';
import { fitLine, fitText } from '../../dashboard/src/lib/fit-text.ts';

/** Letters of 10, but an `i` is of 4. */
const widthOf = (text: string): number => [...text].reduce((sum, letter) => sum + (letter === 'i' ? 4 : 10), 0);
const both = { name: widthOf, right: widthOf };

test('a name that fits stays as it is; of a longer one the middle goes', () => {
  for (const [text, room, shown] of [
    ['orders', 60, 'orders'],
    ['orders', 59, 'or…rs'],
    ['orders', 49, 'or…s'],
    ['orders', 20, 'o…'],
    ['orders', 19, ''],
    ['', 0, ''],
    ['iiiiiiiiii', 40, 'iiiiiiiiii'],
    ['🍔🍔🍔🍔', 39, '🍔…🍔'],
  ] as const)
    assert.equal(fitText(text, room, widthOf), shown, `${text} in ${room}`);
});

test('a line holds a name and a text at its right, in any room', () => {
  for (const name of ['a', 'orders', 'eu-west-orders-of-the-whole-chain.retry', 'x'.repeat(249)])
    for (const right of ['', '0/s', '12,345/s', 'p0,1,2,3,4,5,6,7,8,9,10,11'])
      for (const room of [0, 10, 40, 80, 160, 216, 1000]) {
        const line = fitLine(name, right, room, both);
        const width = widthOf(line.name) + widthOf(line.right) + (line.name && line.right ? 8 : 0);
        assert.ok(width <= room, `${name}, ${right} in ${room}: ${line.name} ${line.right}`);
        if (room >= 60) assert.ok(line.name.length >= Math.min(name.length, 3), `${name} in ${room}: ${line.name}`);
      }
});

test('where there is little room, the name goes before what stands at its right', () => {
  assert.deepEqual(fitLine('orders', '12/s', 200, both), { name: 'orders', right: '12/s' });
  assert.deepEqual(fitLine('eu-west-orders.retry', '12/s', 120, both), { name: 'eu-…try', right: '12/s' });
  assert.deepEqual(fitLine('orders', '12/s', 60, both), { name: 'orders', right: '' });
});
