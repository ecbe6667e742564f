/** In which order test files run: the long ones first, so that at the end no core waits for the last of them. Pure. */
import { relative } from 'node:path';

/** How the paths of files begin that take half a minute and more on two cores: those with a lab, a browser or a storm of their own. */
const longFirst = [
  'test/deploy/',
  'test/package.test.ts',
  'test/end-to-end/',
  'test/order-lab/scenario/run.test.ts',
  'test/browser/',
  'test/lab/crash-test/',
  'test/bench/',
  'test/storms/',
  'test/fuzz/',
  'test/security/',
  'test/replayground.test.ts',
];

/**
 * @param files paths of test files, in any order
 * @param root folder of the project, absolute
 * @returns the same: long ones first, each kind in the order that it came in
 */
export function inRunOrder(files: readonly string[], root: string): string[] {
  const rank = (file: string): number => {
    const found = longFirst.findIndex((start) => relative(root, file).startsWith(start));
    return found === -1 ? longFirst.length : found;
  };
  return files.toSorted((a, b) => rank(a) - rank(b));
}
