import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { logFileOf, noteInLog, openLogFiles } from '../../../src/lab/supervisor/log-files.ts';
import { parseLine, readable } from '../../../src/lab/supervisor/log-lines.ts';

test('a note stands in the log of the service among its own lines, and nowhere where no lab wrote one', async () => {
  const home = mkdtempSync(join(tmpdir(), 'replayground-'));
  try {
    noteInLog(home, 'order-service', { msg: 'too early' });
    const files = openLogFiles(home);
    files.write('order-service', 'first');
    await files[Symbol.asyncDispose]();
    noteInLog(home, 'order-service', { msg: 'Published 10 events in 0.01s (1000 events/sec)', run_id: 'abc' });
    noteInLog(home, 'analytics-service', { msg: 'has no log' });
    const lines = readFileSync(logFileOf(home, 'order-service'), 'utf8').trimEnd().split('\n');
    assert.deepEqual(
      lines.map((line) => readable(parseLine(line).text)),
      ['first', 'Published 10 events in 0.01s (1000 events/sec) run_id=abc'],
    );
    writeFileSync(join(home, 'file'), '');
    noteInLog(join(home, 'file'), 'order-service', { msg: 'there is no folder' });
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});
