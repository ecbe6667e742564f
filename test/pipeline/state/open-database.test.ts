import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { inTransaction, isCorrupt, openDatabase } from '../../../src/pipeline/state/open-database.ts';

let folder = '';
let discarded: string[] = [];
const open = (identity = 'one', file = join(folder, 'sub', 'state.db')) =>
  openDatabase({ file, tables: 'CREATE TABLE IF NOT EXISTS things (name TEXT)', identity, onDiscard: (why) => discarded.push(why) });
const names = (database: ReturnType<typeof open>) =>
  database
    .prepare('SELECT name FROM things')
    .all()
    .map(({ name }) => name);

describe('a state file', () => {
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'replayground-'));
    discarded = [];
  });
  afterEach(() => {
    chmodSync(folder, 0o700);
    rmSync(folder, { recursive: true, force: true });
  });

  it('keeps what a transaction wrote, and nothing of one that failed', () => {
    const first = open();
    inTransaction(first, () => first.exec("INSERT INTO things VALUES ('kept')"));
    assert.throws(() =>
      inTransaction(first, () => {
        first.exec("INSERT INTO things VALUES ('lost')");
        throw new Error('no');
      }),
    );
    first.close();
    const second = open();
    assert.deepEqual(names(second), ['kept']);
    second.close();
    assert.deepEqual(discarded, []);
  });

  it('is made anew when it belongs to something else', () => {
    const first = open('one');
    first.exec("INSERT INTO things VALUES ('old')");
    first.close();
    const second = open('two');
    assert.deepEqual(names(second), []);
    second.close();
    assert.equal(discarded.length, 1);
  });

  it('is made anew when it is no database', () => {
    const file = join(folder, 'state.db');
    writeFileSync(file, 'this is no database, but long enough to be taken for one'.repeat(100));
    const database = open('one', file);
    assert.deepEqual(names(database), []);
    database.close();
    assert.match(discarded[0] ?? '', /not a database/);
  });

  /** @returns the file of a store with many names, closed in order or left as by a crash */
  const filled = (end: 'closed' | 'crashed'): string => {
    const file = join(folder, 'state.db');
    const whole = open('one', file);
    inTransaction(whole, () => {
      for (let i = 0; i < 5000; i++) whole.exec(`INSERT INTO things VALUES ('${'x'.repeat(50)}${i}')`);
    });
    whole.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    whole.close();
    if (end === 'crashed') rmSync(`${file}.sum`);
    return file;
  };
  const changed = (file: string, change: (bytes: Buffer) => Buffer): void => writeFileSync(file, change(readFileSync(file)));
  const flipBit = (file: string, where: (bytes: Buffer) => number): void =>
    changed(file, (bytes) => {
      const at = where(bytes);
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      return bytes;
    });
  const countAfter = (file: string): number => {
    const database = open('one', file);
    const { length } = names(database);
    database.close();
    return length;
  };

  it('is kept over a crash, and when it was closed in order', () => {
    assert.equal(countAfter(filled('crashed')), 5000);
    assert.equal(countAfter(join(folder, 'state.db')), 5000);
    assert.deepEqual(discarded, []);
  });

  for (const end of ['closed', 'crashed'] as const) {
    it(`is made anew when it was ${end} and then cut in half, or half of it overwritten`, () => {
      const file = filled(end);
      changed(file, (bytes) => bytes.subarray(0, bytes.length / 2));
      assert.equal(countAfter(file), 0);
      filled(end);
      changed(file, (bytes) => bytes.fill(0xff, bytes.length / 2));
      assert.equal(countAfter(file), 0);
      assert.equal(discarded.length, 2);
    });
  }

  it('is kept, with its pages checked, where the checksum is of a kind that another version wrote', () => {
    const file = filled('closed');
    writeFileSync(`${file}.sum`, 'a'.repeat(64));
    assert.equal(countAfter(file), 5000);
    assert.deepEqual(discarded, []);
  });

  it('is made anew when one bit of a value flipped after it was closed: SQLite would not see it', () => {
    const file = filled('closed');
    flipBit(file, (bytes) => bytes.lastIndexOf('xxx4999'));
    assert.equal(countAfter(file), 0);
    assert.match(discarded[0] ?? '', /not as it was when it was closed/);
  });

  describe('that is large', () => {
    const large = (file: string) =>
      openDatabase({
        ...{ file, identity: 'one', small: ['sums'], largeFrom: 1, onDiscard: (why) => discarded.push(why) },
        tables: 'CREATE TABLE IF NOT EXISTS things (name TEXT); CREATE TABLE IF NOT EXISTS sums (value INTEGER)',
      });
    const sumsOf = (database: ReturnType<typeof large>) =>
      database
        .prepare('SELECT value FROM sums')
        .all()
        .map(({ value }) => value);
    /** @returns its file, and where in it the page of the sums begins */
    const ended = async (end: 'closed' | 'crashed'): Promise<{ file: string; at: number }> => {
      const file = filled('closed');
      const database = large(file);
      database.exec('INSERT INTO sums VALUES (5000)');
      const { rootpage } = database.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'sums'").get() as { rootpage: number };
      const { page_size } = database.prepare('PRAGMA page_size').get() as { page_size: number };
      await database.checked;
      database.close();
      if (end === 'crashed') rmSync(`${file}.sum`);
      return { file, at: (rootpage - 1) * page_size };
    };

    for (const end of ['closed', 'crashed'] as const) {
      it(`is given out at once when it was ${end}, and known to be whole a little later`, async () => {
        const { file } = await ended(end);
        const database = large(file);
        assert.deepEqual(sumsOf(database), [5000]);
        await database.checked;
        database.close();
        assert.deepEqual(discarded, []);
      });
    }

    it('says that it is broken where one bit of its rows flipped after it was closed, also to the next one when it was closed before that was known', async () => {
      const { file } = await ended('closed');
      flipBit(file, (bytes) => bytes.lastIndexOf('xxx4999'));
      large(file).close();
      const database = large(file);
      assert.deepEqual(sumsOf(database), [5000]);
      await assert.rejects(
        database.checked,
        (error) => isCorrupt(error) && /not as it was when it was closed/.test((error as Error).message),
      );
      database.close();
    });

    it('is made anew where one bit of its sums flipped after it was closed: no answer is made of it', async () => {
      const { file, at } = await ended('closed');
      flipBit(file, (bytes) => bytes.indexOf(Buffer.from([5000 >> 8, 5000 & 0xff]), at));
      const database = large(file);
      assert.deepEqual(sumsOf(database), []);
      await database.checked;
      database.close();
      assert.match(discarded[0] ?? '', /not as it was when it was closed/);
    });

    it('after a crash says that it is broken where its large tables are: until then its sums are right', async () => {
      const { file, at } = await ended('crashed');
      const whole = readFileSync(file);
      changed(file, (bytes) => {
        bytes.fill(0xff, bytes.length / 2);
        return Buffer.concat([bytes.subarray(0, at), whole.subarray(at, at + 4096), bytes.subarray(at + 4096)]);
      });
      const database = large(file);
      assert.deepEqual(sumsOf(database), [5000]);
      await assert.rejects(database.checked, (error) => isCorrupt(error) && /is made anew from the log: /.test((error as Error).message));
      database.close();
      assert.deepEqual(discarded, []);
    });

    it('is made anew where its small tables are broken by a crash', async () => {
      const { file, at } = await ended('crashed');
      changed(file, (bytes) => bytes.fill(0xff, at, at + 4096));
      const database = large(file);
      assert.deepEqual(sumsOf(database), []);
      await database.checked;
      database.close();
      assert.equal(discarded.length, 1);
    });
  });

  it('says that it is broken when its pages break while it is open', () => {
    const file = filled('closed');
    const database = open('one', file);
    changed(file, (bytes) => bytes.fill(0xff, bytes.length / 2));
    assert.throws(() => names(database), isCorrupt);
  });

  it('names the file and what to do when the disk does not take it, and throws nothing away', () => {
    const file = join(folder, 'state.db');
    mkdirSync(file);
    assert.throws(() => open('one', file), { code: 'state-unusable', message: /state\.db cannot be used.*rights and free space/ });
    assert.deepEqual(discarded, []);
  });
});
