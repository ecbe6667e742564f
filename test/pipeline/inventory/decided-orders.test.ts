import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import { DecidedOrders } from '../../../src/pipeline/inventory/decided-orders.ts';

describe('the decided orders', () => {
  let folder: string;
  let decided: DecidedOrders;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'replayground-'));
    decided = new DecidedOrders({ file: join(folder, 'decided.db'), topicIds: ['a', 'b'], onDiscard: () => {} });
  });
  after(() => {
    decided[Symbol.dispose]();
    rmSync(folder, { recursive: true });
  });

  it('finds each id that is stored and no other, whatever stands in it', () => {
    const id = fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme-ascii' }));
    const ids = fc.uniqueArray(id, { minLength: 2, maxLength: 30, selector: (one) => one.toWellFormed() });
    fc.assert(
      fc.property(ids, fc.nat(9), (all, partition) => {
        const before = decided.storedAmong(all);
        const half = all.slice(0, Math.ceil(all.length / 2));
        decided.store(new Map([[partition, half]]), new Map());
        const expected = all.filter((one) => half.includes(one) || before.has(one.toWellFormed())).map((one) => one.toWellFormed());
        assert.deepEqual([...decided.storedAmong(all)].sort(), expected.sort());
      }),
      { numRuns: 300 },
    );
  });

  it('finds an id with half a surrogate pair or a NUL in it', () => {
    const odd = ['half\ud83d', 'zero\0end', '\0', 'quote"\\', "it's", '\u2028'];
    assert.equal(decided.storedAmong(odd).size, 0);
    decided.store(new Map([[0, odd]]), new Map());
    assert.deepEqual([...decided.storedAmong(odd)].sort(), odd.map((one) => one.toWellFormed()).sort());
    assert.equal(decided.storedAmong(['zero', 'half', 'zero\0']).size, 0);
  });

  it('tells what is under way from what is stored', () => {
    decided.markUnderWay('an order under way');
    decided.markUnderWay('another order under way');
    assert.deepEqual(
      [decided.isUnderWay('an order under way'), decided.storedAmong(['an order under way', 'another order under way']).size],
      [true, 0],
    );
    decided.dropUnderWay(['an order under way']);
    decided.store(new Map([[1, ['another order under way']]]), new Map());
    assert.deepEqual(
      [
        decided.isUnderWay('an order under way'),
        decided.isUnderWay('another order under way'),
        [...decided.storedAmong(['an order under way', 'another order under way'])],
      ],
      [false, false, ['another order under way']],
    );
  });
});
