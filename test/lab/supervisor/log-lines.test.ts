import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseLine, readable } from '../../../src/lab/supervisor/log-lines.ts';

test('the time in front of a line is told apart, whatever its offset', () => {
  assert.deepEqual(parseLine('2026-01-02T03:04:05.678Z hello world'), { at: '2026-01-02T03:04:05.678Z', text: 'hello world' });
  assert.deepEqual(parseLine('2026-01-02T03:04:05.678+01:00 INFO x'), { at: '2026-01-02T02:04:05.678Z', text: 'INFO x' });
});

test('a line without a time came with the line before it', () => {
  assert.deepEqual(parseLine('  at stack', '2026-01-02T03:04:05.678Z'), { at: '2026-01-02T03:04:05.678Z', text: '  at stack' });
});

test('JSON of a logger is shown as a sentence, anything else as it is', () => {
  assert.equal(
    readable('{"level":"warn","time":"x","service":"a","instance":1,"msg":"slow","ms":12,"why":"disk"}'),
    'warn slow ms=12 why=disk',
  );
  assert.equal(readable('{"level":"info","msg":"ready"}'), 'ready');
  assert.equal(readable('{ no json'), '{ no json');
  assert.equal(readable('{"a":1}'), '{"a":1}');
});

test('control characters of a log do not reach the terminal', () => {
  assert.equal(readable('\u001b[31mred\u001b[0m'), 'red');
});
