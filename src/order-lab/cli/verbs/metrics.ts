/** `./lab metrics`: what analytics-service has counted, as a block to read. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { note, print, withJson } from '../../../lab/terminal/output.ts';
import { reportText } from '../../../pipeline/analytics/report.ts';
import { readSettings } from '../../../pipeline/settings/read-settings.ts';
import { printJson, printJsonLine } from '../../answers/print-answer.ts';
import { analyticsUrl, fetchMetrics } from '../../client/analytics-client.ts';
import { findLab, refuseOthers } from '../../client/lab-client.ts';
import { requirePipeline } from '../../client/require-pipeline.ts';

const watchIntervalMs = 1000;

export function register(program: Command): void {
  withJson(program.command('metrics'))
    .description('orders, reservations, failures and the digest, from analytics-service')
    .option('-w, --watch', 'again each second')
    .option('--wait', 'first wait until both services have read everything')
    .addHelpText('after', '\nExamples:\n  ./lab metrics\n  ./lab metrics --json\n  ./lab metrics --wait')
    .action(metrics);
}

async function metrics({ watch, wait, json }: { watch?: boolean; wait?: boolean; json?: boolean }): Promise<void> {
  const settings = readSettings();
  const lab = await findLab(settings.labHome);
  if (lab) requirePipeline(lab.system, './lab metrics');
  if (lab) await refuseOthers(lab, settings, process.env);
  if (wait) await (await import('../wait-read.ts')).waitRead(await analyticsUrl(settings));
  if (!watch) {
    const now = await fetchMetrics(await analyticsUrl(settings));
    if (json) printJson<'metrics'>(now);
    else process.stdout.write(reportText(now));
    return;
  }
  for (;;) {
    const now = await fetchMetrics(await analyticsUrl(settings)).catch((error: Error) => note(`lab: ${error.message}`));
    if (now && process.stdout.isTTY && !json) process.stdout.write('\u001b[H\u001b[J');
    if (now && json) printJsonLine<'metrics-watch'>(now);
    else if (now) print(reportText(now));
    await sleep(watchIntervalMs);
  }
}
