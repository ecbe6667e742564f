import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ReplaygroundError } from '../../../src/kafka/errors.ts';
import { exitCodeOf, interrupted, usageError } from '../../../src/lab/terminal/exit-codes.ts';
import { errorText, tableLines } from '../../../src/lab/terminal/output.ts';

test('a table has aligned columns, and a dash where there is nothing', () => {
  assert.deepEqual(
    tableLines(
      ['GROUP', 'LAG'],
      [
        ['inventory', 0],
        ['a', null],
      ],
    ),
    ['GROUP      LAG', 'inventory  0', 'a          -'],
  );
});

test('exit codes: 2 for wrong usage and settings, 130 for Ctrl-C, 1 for the rest', () => {
  assert.equal(exitCodeOf(usageError('x')), 2);
  assert.equal(exitCodeOf(new ReplaygroundError('bad-setting', 'x')), 2);
  assert.equal(exitCodeOf(interrupted()), 130);
  assert.equal(exitCodeOf(new ReplaygroundError('port-taken', 'x')), 1);
  assert.equal(exitCodeOf(new TypeError('x')), 1);
});

test('an error is one line; the stack and the causes come with --verbose', () => {
  const error = new ReplaygroundError('x', 'it broke: mend it', { cause: new Error('deeper') });
  assert.equal(errorText(error, false), 'lab: it broke: mend it');
  assert.match(errorText(error, true), /it broke[\s\S]*at [\s\S]*caused by: Error: deeper/);
  assert.equal(errorText(interrupted(), false), '');
});
