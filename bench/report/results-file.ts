/** `results.json`: the last result of each part. A run of some parts leaves the others as they are. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { partNames } from '../../src/order-lab/cli/verbs/bench.ts';
import type { PartResult } from '../result.ts';

/** @returns the results in the folder, in the order of the parts; none where there is no file that can be read */
export async function readResults(folder: string): Promise<PartResult[]> {
  const text = await readFile(join(folder, 'results.json'), 'utf8').catch(() => '[]');
  return inOrder(JSON.parse(text) as PartResult[]);
}

/** Puts a part's new result in place of its last one. @returns all results */
export async function saveResult(folder: string, result: PartResult): Promise<PartResult[]> {
  const others = (await readResults(folder)).filter(({ part }) => part !== result.part);
  const all = inOrder([...others, result]);
  await writeFileAtomic(join(folder, 'results.json'), `${JSON.stringify(all, null, 1)}\n`);
  return all;
}

const inOrder = (results: PartResult[]): PartResult[] => results.toSorted((a, b) => partNames.indexOf(a.part) - partNames.indexOf(b.part));
