import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inRunOrder } from '../../../src/order-lab/cli/test-order.ts';

test('the test run begins with the long files, and changes nothing else in their order', () => {
  const files = ['test/a.test.ts', 'test/browser/tour.test.ts', 'test/deploy/x.test.ts', 'test/kafka/b.test.ts', 'test/browser/a.test.ts'];
  const expected = [
    'test/deploy/x.test.ts',
    'test/browser/tour.test.ts',
    'test/browser/a.test.ts',
    'test/a.test.ts',
    'test/kafka/b.test.ts',
  ];
  const at = (names: string[]): string[] => names.map((name) => `/somewhere else/${name}`);
  assert.deepEqual(inRunOrder(at(files), '/somewhere else'), at(expected));
});
