import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readingTools } from '../../../src/order-lab/mcp/reading-tools.ts';
import { toolsFor } from '../../../src/order-lab/mcp/server.ts';
import { outputSchema, structured } from '../../../src/order-lab/mcp/tool.ts';
import { writingTools } from '../../../src/order-lab/mcp/writing-tools.ts';

test('a server that only looks has no tool that changes something, and no call with --execute', () => {
  assert.deepEqual(toolsFor(false), readingTools);
  assert.ok(toolsFor(false).every(({ change }) => change === undefined));
  assert.ok(writingTools.every(({ change }) => change !== undefined));
  for (const { name, call } of readingTools) {
    const { verb, options = [] } = call({ group: 'g', topic: 't' });
    assert.ok(!options.includes('--execute'), name);
    assert.ok(!['up', 'down', 'reset', 'kill', 'stop', 'start', 'restart', 'scale', 'set', 'burst', 'run'].includes(verb[0] ?? ''), name);
  }
});

test('the names are different, and every answer is an object, as the protocol wants it', () => {
  const all = toolsFor(true);
  assert.equal(new Set(all.map(({ name }) => name)).size, all.length);
  for (const tool of all) assert.equal((outputSchema(tool) as { type?: string }).type, 'object', tool.name);
});

test('a list and a stream are a field of the answer', () => {
  const tool = (name: string) => readingTools.find((one) => one.name === name) as (typeof readingTools)[number];
  assert.deepEqual(structured(tool('records'), '{"offset":1}\n{"offset":2}'), { records: [{ offset: 1 }, { offset: 2 }] });
  assert.deepEqual(structured(tool('records'), ''), { records: [] });
  assert.deepEqual(structured(tool('lag'), '[\n1\n]'), { groups: [1] });
  assert.deepEqual(structured(tool('explain'), '{"insights":[]}'), { insights: [] });
});

test('no value can be taken for an option', () => {
  const { options, operands } = writingTools.find(({ name }) => name === 'burst')?.call({ count: 1, seed: '--json' }) ?? {};
  assert.deepEqual([options, operands], [['--seed=--json'], ['1']]);
});
