/** `./lab replay`: reads the whole log again and proves by digest that the same numbers come out. */
import type { Command } from 'commander';
import { ReplaygroundError } from '../../../kafka/errors.ts';
import { note, print, withJson } from '../../../lab/terminal/output.ts';
import { reportText, writeReport } from '../../../pipeline/analytics/report.ts';
import { readSettings } from '../../../pipeline/settings/read-settings.ts';
import type { Answer } from '../../answers/answer-table.ts';
import { printJson } from '../../answers/print-answer.ts';
import { analyticsUrl } from '../../client/analytics-client.ts';
import { securitySettings } from '../../client/given-settings.ts';
import { openKafka } from '../../client/kafka-clients.ts';
import { requireLabAsGiven } from '../../client/lab-client.ts';
import { type ReplayComparison, replayAndCompare } from '../../client/replay-and-compare.ts';
import { isPipeline } from '../../supervisor/service-table.ts';
import { replayInSystem } from '../system-replay.ts';

const progressEveryMs = 1000;

export function register(program: Command): void {
  withJson(program.command('replay'))
    .description('stop analytics-service, take it back to the beginning, start it, compare the metrics before and after')
    .addHelpText(
      'after',
      '\nIn a lab that runs another system: the digest that its system.yaml names (digest:), before and after its service has read all again.\n\nExit code 0: identical; 1: not.\n\nExample:\n  ./lab replay',
    )
    .action(replay);
}

async function replay({ json }: { json?: boolean }): Promise<void> {
  const lab = await requireLabAsGiven(readSettings(), process.env, [...securitySettings, 'metricsDir']);
  using kafka = await openKafka(['metricsDir']);
  if (!isPipeline(lab.system)) return await replayInSystem(kafka, lab, { json: json ?? false, onProgress: progressPrinter() });
  const { settings } = kafka;
  const result = await replayAndCompare({
    lab,
    kafka,
    settings,
    url: () => analyticsUrl(settings),
    onStep: (text) => note(`lab: ${text}`),
    onProgress: progressPrinter(),
  });
  writeReport(settings.metricsDir, 'metrics_initial.txt', result.before);
  writeReport(settings.metricsDir, 'metrics_after_replay.txt', result.after);
  if (json) printJson<'replay'>(asJson(result));
  else show(result, settings.metricsDir);
  if (!result.identical) throw new ReplaygroundError('replay-differs', `the replay gave other numbers: ${differenceOf(result)}`);
}

/** At most one line per second. */
function progressPrinter(): (left: number) => void {
  let lastAt = Date.now();
  return (left) => {
    if (Date.now() - lastAt < progressEveryMs) return;
    lastAt = Date.now();
    note(`lab: ${left} records left`);
  };
}

function show(result: ReplayComparison, metricsDir: string): void {
  const { before, after, identical, offsetsRead, durationMs } = result;
  print('Before');
  print(reportText(before));
  print('After');
  print(reportText(after));
  print(`Read again: ${offsetsRead} offsets in ${(durationMs / 1000).toFixed(1)} s`);
  print(identical ? `Identical: ${after.digest}` : `Different: ${differenceOf(result)}`);
  note(`lab: metrics_initial.txt and metrics_after_replay.txt are in ${metricsDir}`);
}

function differenceOf({ firstDifference, before, after }: ReplayComparison): string {
  if (!firstDifference) return `digest ${before.digest} before, ${after.digest} after`;
  const { field, before: was, after: is } = firstDifference;
  return `${field} was ${JSON.stringify(was)} and is ${JSON.stringify(is)}`;
}

const asJson = ({ identical, firstDifference, before, after, offsetsRead, durationMs, backup }: ReplayComparison): Answer<'replay'> => ({
  identical,
  first_difference: firstDifference ?? null,
  offsets_read: offsetsRead,
  duration_ms: Math.round(durationMs),
  backup,
  before,
  after,
});
