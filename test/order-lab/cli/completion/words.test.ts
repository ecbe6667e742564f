import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lines, typedIn } from '../../../../src/order-lab/cli/completion/words.ts';

test('what bash takes apart at = and : is put together again', () => {
  const cases: [string[], string[], string][] = [
    [['lab', 'sc'], [], 'sc'],
    [['lab', ''], [], ''],
    [['lab'], [], ''],
    [['lab', 'set', 'x', 'paused', '='], ['set', 'x'], 'paused='],
    [['lab', 'set', 'x', 'paused', '=', 'tr'], ['set', 'x'], 'paused=tr'],
    [['lab', 'set', 'x', 'paused', '=', 'true', ''], ['set', 'x', 'paused=true'], ''],
    [['lab', 'dlq', 'show', 'orders', '0', ':', '1'], ['dlq', 'show', 'orders'], '0:1'],
    [['lab', 'offsets', 'plan', '--topic', 'orders', ':', '0,1', '--to'], ['offsets', 'plan', '--topic', 'orders:0,1'], '--to'],
  ];
  for (const [words, before, current] of cases) assert.deepEqual(typedIn('bash', words), { before, current }, words.join(' '));
  assert.deepEqual(typedIn('zsh', ['lab', 'set', 'x', 'paused=t']), { before: ['set', 'x'], current: 'paused=t' });
});

test('a shell gets what goes on with what is typed; bash only what stands behind the last = or :', () => {
  const all = [{ value: 'paused=true', what: 'no reading' }, { value: 'paused=false' }, { value: 'throttle=' }];
  assert.deepEqual(lines('bash', { before: [], current: 'paused=t' }, all), ['true']);
  assert.deepEqual(lines('bash', { before: [], current: 'th' }, all), ['throttle=']);
  assert.deepEqual(lines('fish', { before: [], current: 'pau' }, all), ['paused=true\tno reading', 'paused=false']);
});
