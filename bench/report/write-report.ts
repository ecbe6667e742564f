/** Writes what a part found: results.json, RESULTS.md over all parts, and its charts. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { PartResult } from '../result.ts';
import { chartsOf } from './charts.ts';
import { renderMarkdown } from './markdown.ts';
import { saveResult } from './results-file.ts';

/** @param folder of RESULTS.md; made when it is missing */
export async function writeReport(folder: string, result: PartResult): Promise<void> {
  await mkdir(join(folder, 'charts'), { recursive: true });
  const results = await saveResult(folder, result);
  const charts = new Map(results.map((one) => [one.part as string, chartsOf(one)]));
  for (const { file, svg } of chartsOf(result)) await writeFileAtomic(join(folder, file), svg);
  await writeFileAtomic(join(folder, 'RESULTS.md'), renderMarkdown(results, charts));
}
