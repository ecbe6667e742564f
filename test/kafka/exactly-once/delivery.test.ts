import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { type CrashPoint, crashPattern, type Delivery, parseCrash } from '../../../src/kafka/exactly-once/delivery.ts';
import { createTopic, readAll, uniqueName } from '../../support/kafka.ts';
import { orderRecords, produceAll } from '../../support/produce.ts';
import { until } from '../../support/until.ts';

const count = 50;
const copier = (...args: string[]) =>
  fork(join(import.meta.dirname, '..', 'fixtures', 'copier.ts'), args, { execArgv: ['--disable-warning=ExperimentalWarning'] });

type Costs = 'nothing' | 'the batch is lost' | 'the batch is repeated';

/** What a crash at this point of the first batch costs, told once a second life has read on to the end. The batch need not be all that is there. */
async function crashAt(delivery: Delivery, point: CrashPoint): Promise<Costs> {
  const from = await createTopic('delivery-in', 1);
  const to = await createTopic('delivery-out', 1);
  const group = uniqueName('copier');
  await produceAll(from, orderRecords('o', count));
  const [, signal] = await once(copier(from, to, group, delivery, point), 'exit');
  assert.equal(signal, 'SIGKILL');
  const written = (await readAll(to)).length;
  await produceAll(from, [{ key: 'last', value: '{}' }]);
  const second = copier(from, to, group, delivery);
  const keys = await until(
    async () => {
      const all = (await readAll(to)).map(({ key }) => String(key));
      return all.includes('last') && all.filter((key) => key !== 'last');
    },
    { what: `the second life of ${delivery} reads on`, deadlineMs: 120_000 },
  );
  second.kill('SIGTERM');
  await once(second, 'exit');
  const [lost, twice] = [count - new Set(keys).size, keys.length - new Set(keys).size];
  if (lost > 0) {
    // The first ones, in their order.
    assert.deepEqual(
      [twice, keys],
      [
        0,
        orderRecords('o', count)
          .slice(lost)
          .map(({ key }) => String(key)),
      ],
    );
    return 'the batch is lost';
  }
  if (twice === 0) return 'nothing';
  assert.equal(twice, written);
  return 'the batch is repeated';
}

describe('a crash between the steps of a batch', { concurrency: true }, () => {
  const expected: [Delivery, CrashPoint, Costs][] = [
    ['exactly-once', 'after-produce', 'nothing'],
    ['exactly-once', 'before-commit', 'nothing'],
    ['exactly-once', 'after-commit', 'nothing'],
    ['at-least-once', 'after-produce', 'the batch is repeated'],
    ['at-least-once', 'after-commit', 'nothing'],
    ['at-most-once', 'before-commit', 'nothing'],
    ['at-most-once', 'after-commit', 'the batch is lost'],
  ];
  for (const [delivery, point, costs] of expected) {
    it(`${delivery}, ${point}: ${costs}`, async () => assert.equal(await crashAt(delivery, point), costs));
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
