/** `./lab record`: what the page of the running lab saw, as one file that plays it back anywhere. */
import { mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { sync as writeFileAtomic } from 'write-file-atomic';
import { usageError } from '../../../lab/terminal/exit-codes.ts';
import { print, withJson } from '../../../lab/terminal/output.ts';
import { readSettings } from '../../../pipeline/settings/read-settings.ts';
import { printJson } from '../../answers/print-answer.ts';
import { requireLab } from '../../client/lab-client.ts';
import { fetchRecording } from '../../client/recording-client.ts';

type Options = { out?: string; minutes: string; json?: boolean };

/** The lab keeps no more. */
const mostMinutes = 60;

export function register(program: Command): void {
  withJson(program.command('record'))
    .description('save what the page of the running lab saw as one HTML file, which plays it back without Kafka')
    .option('--out <file>', 'by default a file of its own in results/recordings')
    .option('--minutes <n>', `the last so many, up to ${mostMinutes}`, '15')
    .addHelpText(
      'after',
      '\nThe file holds curves, causes, groups and figures of each second, the newest records, dead letters and log lines: look into it before\nyou send it to somebody.\n\nExamples:\n  ./lab record\n  ./lab record --minutes 5 --out incident.html',
    )
    .action(record);
}

async function record({ out, minutes, json }: Options): Promise<void> {
  if (!/^\d+$/.test(minutes) || Number(minutes) < 1 || Number(minutes) > mostMinutes)
    throw usageError(`--minutes ${minutes} is not allowed: a whole number from 1 to ${mostMinutes}`);
  const { labHome, metricsDir } = readSettings();
  const { file: lab } = await requireLab(labHome);
  const { name, html } = await fetchRecording(lab, { minutes });
  const file = resolve(out ?? join(lab.settings.metricsDir ?? metricsDir, 'recordings', name));
  mkdirSync(dirname(file), { recursive: true });
  writeFileAtomic(file, html);
  const bytes = Buffer.byteLength(html);
  if (json) printJson<'record'>({ file, bytes });
  else print(`${file} (${(bytes / 1e6).toFixed(1)} MB): open it in any browser`);
}
