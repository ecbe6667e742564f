/** `./lab metrics`: what analytics-service has counted, as a block to read. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { reportText } from '../analytics/report.ts';
import { readSettings } from '../settings/read-settings.ts';
import { analyticsUrl, fetchMetrics } from './analytics-client.ts';
import { endOnClosedPipe } from './closed-pipe.ts';
import { note, print, printJson, withJson } from './output.ts';

const watchIntervalMs = 1000;

export function register(program: Command): void {
  withJson(program.command('metrics'))
    .description('orders, reservations, failures and the digest, from analytics-service')
    .option('-w, --watch', 'again each second')
    .addHelpText('after', '\nExamples:\n  ./lab metrics\n  ./lab metrics --json')
    .action(metrics);
}

async function metrics({ watch, json }: { watch?: boolean; json?: boolean }): Promise<void> {
  endOnClosedPipe();
  const settings = readSettings();
  if (!watch) {
    const now = await fetchMetrics(await analyticsUrl(settings));
    if (json) printJson(now);
    else process.stdout.write(reportText(now));
    return;
  }
  for (;;) {
    const now = await fetchMetrics(await analyticsUrl(settings)).catch((error: Error) => note(`lab: ${error.message}`));
    if (now && process.stdout.isTTY && !json) process.stdout.write('\u001b[H\u001b[J');
    if (now) print(json ? JSON.stringify(now) : reportText(now));
    await sleep(watchIntervalMs);
  }
}
