import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fourLags, type LagFacts } from '../../../../src/lab/watch/verdict/four-lags.ts';
import type { LagKind } from '../../../../src/lab/wire/lag-kinds.ts';

const transaction = 'order-events/0 cannot be read beyond offset 40: a transaction of producer id 7 (till-3) is open there';
const facts = (more: Partial<LagFacts>): LagFacts => ({
  ...{ lag: 0, end: 100, stable: 100, underWay: 0, notVisible: 0, openTransaction: null, reader: 'inventory-service.1' },
  ...more,
});

type Row = [situation: string, more: Partial<LagFacts>, records: (number | null)[], matters: LagKind | null, text: RegExp];

const situations: Row[] = [
  ['nothing waits', {}, [0, 0, 0, 0], null, /^nothing waits$/],
  ['a backlog', { lag: 60, underWay: 20, notVisible: 65 }, [60, 60, 20, 65], 'end', /^60 records wait to be read$/],
  ['one record', { lag: 1, notVisible: 1 }, [1, 1, 0, 1], 'end', /^1 record waits to be read$/],
  ['nobody reads', { lag: 60, underWay: null, reader: null }, [60, 60, null, 0], 'end', /, and nobody reads$/],
  [
    'all of it in the hands of the reader',
    { lag: 20, underWay: 20 },
    [20, 20, 20, 0],
    'fetched',
    /hands of inventory-service\.1: 20 records/,
  ],
  ['what the reader told is older than the lag', { lag: 5, underWay: 20 }, [5, 5, 5, 0], 'fetched', /: 5 records, read again/],
  [
    'somebody leaves a transaction open',
    { lag: 60, stable: 40, openTransaction: transaction },
    [60, 0, 0, 0],
    'stable',
    /^60 records of 60 may not be read by anybody yet: .*\(till-3\)/,
  ],
  [
    'a part before it can be read',
    { lag: 90, stable: 40, openTransaction: transaction },
    [90, 30, 0, 0],
    'stable',
    /^60 records of 90 may not be read/,
  ],
  ["a transaction of the system's own, for an instant", { lag: 60, stable: 90 }, [60, 50, 0, 0], 'end', /wait to be read/],
  ['the transaction that was open is over', { lag: 60, openTransaction: transaction }, [60, 60, 0, 0], 'end', /wait to be read/],
  [
    'inventory is done, the view is behind',
    { notVisible: 12 },
    [0, 0, 0, 12],
    'visible',
    /^everything is read here, and 12 records are not/,
  ],
  ['no view', { notVisible: null, underWay: null }, [0, 0, null, null], null, /^nothing waits$/],
  ['the end is not known', { lag: null, end: null }, [null, null, 0, 0], null, /is not known$/],
  ['the last stable offset is not known', { lag: 3, stable: null }, [3, null, 0, 0], 'end', /wait/],
];

describe('the four lags of a partition', () => {
  for (const [situation, more, records, matters, text] of situations) {
    it(`${situation}: ${matters ?? 'none'} matters`, () => {
      const found = fourLags(facts(more));
      const { end, stable, fetched, visible } = found.records;
      assert.deepEqual([[end, stable, fetched, visible], found.matters], [records, matters]);
      assert.match(found.text, text);
    });
  }
});
