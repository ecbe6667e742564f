import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { execa } from 'execa';
import type { PartResult } from '../../bench/result.ts';
import { grown } from '../../bench/scale/sized-orders.ts';
import { encodeOrder } from '../../src/pipeline/events/order-placed.ts';
import { orderGenerator } from '../../src/pipeline/orders/generate-orders.ts';
import { projectRoot } from '../../src/pipeline/settings/read-settings.ts';
import { newCli } from '../support/run-cli.ts';

const main = join(projectRoot, 'src/order-lab/cli/main.ts');

test('./lab bench runs ours and its peers, compares what they wrote, and writes table, document, JSON and charts', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'replayground-bench-test-'));
  try {
    const args = ['bench', '--quick', '--only', 'exactly-once', '--orders', '2000', '--out', folder];
    // The peer may have to be built first, by Maven.
    const { exitCode, stdout, stderr } = await execa(process.execPath, [main, ...args], { reject: false, timeout: 600_000 });
    assert.equal(exitCode, 0, stderr);
    assert.match(stdout, /one instance against one stream thread, steady/);
    assert.match(stdout, /one instance, group protocol consumer against classic, steady/);
    const [result] = JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8')) as PartResult[];
    assert.equal(result?.part, 'exactly-once');
    // So few orders may be one batch, all visible at once: only the time with start-up can always be told.
    const withStartUp = result.measures.find(({ name }) => name.endsWith('with start-up'));
    assert.ok((withStartUp?.ours.median ?? 0) > 0 && (withStartUp?.ratio?.value ?? 0) > 0);
    assert.deepEqual(
      result.checks.map(({ held }) => held),
      [true],
    );
    assert.match(result.checks[0]?.detail ?? '', /2000 records for 2000 orders/);
    assert.ok(existsSync(join(folder, 'RESULTS.md')));
    assert.ok(existsSync(join(folder, 'charts', 'exactly-once.svg')));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('an unknown part is named, with those that there are', async () => {
  using cli = newCli();
  const { exitCode, stderr } = await cli.run('bench', '--only', 'produce,speed');
  assert.equal(exitCode, 2);
  assert.match(stderr, /--only speed is not allowed: some of produce,/);
});

test('an order grows to a given size by its items', () => {
  const order = orderGenerator({ seed: 'a', runId: 'a', failRate: 0 })('2026-11-21T15:00:00.000Z');
  for (const bytes of [1000, 20_000]) assert.ok(Math.abs(encodeOrder(grown(order, bytes)).length / bytes - 1) < 0.1);
  assert.deepEqual(grown(order, 10), order);
});
