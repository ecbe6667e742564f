import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { type CrashPoint, crashPattern, type Delivery, parseCrash } from '../../src/kafka/delivery.ts';
import { createTopic, readAll, uniqueName } from '../support/kafka.ts';
import { orderRecords, produceAll } from '../support/produce.ts';
import { until } from '../support/until.ts';

const count = 50;
const copier = (...args: string[]) =>
  fork(join(import.meta.dirname, 'fixtures', 'copier.ts'), args, { execArgv: ['--disable-warning=ExperimentalWarning'] });

/** What a crash at this point of the first batch costs, counted once a second life has read on to the end. */
async function crashAt(delivery: Delivery, point: CrashPoint): Promise<{ lost: number; twice: number }> {
  const from = await createTopic('delivery-in', 1);
  const to = await createTopic('delivery-out', 1);
  const group = uniqueName('copier');
  await produceAll(from, orderRecords('o', count));
  const [, signal] = await once(copier(from, to, group, delivery, point), 'exit');
  assert.equal(signal, 'SIGKILL');
  await produceAll(from, [{ key: 'last', value: '{}' }]);
  const second = copier(from, to, group, delivery);
  const keys = await until(
    async () => {
      const all = (await readAll(to)).map(({ key }) => String(key));
      return all.includes('last') && all.filter((key) => key !== 'last');
    },
    { what: `the second life of ${delivery} reads on`, deadlineMs: 60_000 },
  );
  second.kill('SIGTERM');
  await once(second, 'exit');
  return { lost: count - new Set(keys).size, twice: keys.length - new Set(keys).size };
}

describe('a crash between the steps of a batch', { concurrency: true }, () => {
  const nothing = { lost: 0, twice: 0 };
  const expected: [Delivery, CrashPoint, { lost: number; twice: number }][] = [
    ['exactly-once', 'after-produce', nothing],
    ['exactly-once', 'before-commit', nothing],
    ['exactly-once', 'after-commit', nothing],
    ['at-least-once', 'after-produce', { lost: 0, twice: count }],
    ['at-least-once', 'after-commit', nothing],
    ['at-most-once', 'before-commit', nothing],
    ['at-most-once', 'after-commit', { lost: count, twice: 0 }],
  ];
  for (const [delivery, point, costs] of expected) {
    const what = costs.lost > 0 ? 'loses the batch' : costs.twice > 0 ? 'repeats the batch' : 'costs nothing';
    it(`${delivery}, ${point}: ${what}`, async () => assert.deepEqual(await crashAt(delivery, point), costs));
  }
});

describe('a wish to crash', () => {
  it('is a point, once or at every Nth batch', () => {
    assert.equal(parseCrash('none'), undefined);
    assert.deepEqual(parseCrash('after-produce'), { point: 'after-produce' });
    assert.deepEqual(parseCrash('before-commit:50'), { point: 'before-commit', every: 50 });
  });

  it('is refused where nothing would ever get done', () => {
    const fits = (text: string) => new RegExp(crashPattern).test(text);
    assert.deepEqual(['none', 'after-commit', 'after-commit:2', 'after-commit:999999'].map(fits), [true, true, true, true]);
    assert.deepEqual(['', 'later', 'after-commit:0', 'after-commit:1', 'none:2', 'after-commit:1e3'].map(fits), Array(6).fill(false));
  });
});
