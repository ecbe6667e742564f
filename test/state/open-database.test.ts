import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { inTransaction, isCorrupt, openDatabase } from '../../src/state/open-database.ts';

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

  it('says that it is broken when its pages are', () => {
    const file = join(folder, 'state.db');
    const whole = open('one', file);
    inTransaction(whole, () => {
      for (let i = 0; i < 5000; i++) whole.exec(`INSERT INTO things VALUES ('${'x'.repeat(50)}${i}')`);
    });
    whole.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    whole.close();
    const bytes = readFileSync(file);
    bytes.fill(0xff, bytes.length / 2);
    writeFileSync(file, bytes);
    const broken = open('one', file);
    try {
      names(broken);
      assert.fail('the broken pages were read');
    } catch (error) {
      assert.ok(isCorrupt(error), String(error));
    } finally {
      broken.close();
    }
  });
});
