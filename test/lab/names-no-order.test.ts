import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { projectRoot } from '../../src/pipeline/settings/read-settings.ts';

/** What the order pipeline is made of. That something comes "in order" is English, and `orders` alone never is. */
const ofOrders =
  /[Ii]nventory|INVENTORY|[Aa]nalytics|ANALYTICS|\b[Oo]rders\b|\b[Oo]rder-|\borderId\b|\bOrder[A-Z]|\b(an|one|each|every|single|the) order\b(?! (of|in|that|by)\b)/;

test('src/lab breaks and watches the systems of anybody: no file of it names an order, the inventory or the analytics', () => {
  const files = globSync('src/lab/**/*.*', { cwd: projectRoot });
  assert.ok(files.length > 100);
  const named = files.flatMap((file) =>
    readFileSync(join(projectRoot, file), 'utf8')
      .split('\n')
      .flatMap((line, index) => (ofOrders.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : [])),
  );
  assert.deepEqual(named, []);
});
