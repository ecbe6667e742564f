/** `./lab burst`: many orders straight into Kafka, from this process, with progress and a measured summary. */
import { SingleBar } from 'cli-progress';
import type { Command } from 'commander';
import { ReplaygroundError } from '../../../kafka/errors.ts';
import { abortOnInterrupt } from '../../../lab/cli/interrupt.ts';
import { ratePerSec, share, wholeNumber } from '../../../lab/cli/numbers.ts';
import { noteInLog } from '../../../lab/supervisor/log-files.ts';
import { readRunningSystem } from '../../../lab/systems/file/read-system.ts';
import { systemBurst } from '../../../lab/systems/load/system-burst.ts';
import { processAddress } from '../../../lab/systems/process/process-address.ts';
import { interrupted, usageError } from '../../../lab/terminal/exit-codes.ts';
import { note, print, withJson } from '../../../lab/terminal/output.ts';
import { BurstIncomplete, publishBurst } from '../../../pipeline/orders/burst.ts';
import { burstSettings } from '../../../pipeline/orders/burst-and-end.ts';
import { burstProgress, burstSummary } from '../../../pipeline/orders/burst-lines.ts';
import { newRunId } from '../../../pipeline/orders/run-id.ts';
import { readSettings } from '../../../pipeline/settings/read-settings.ts';
import { printJson } from '../../answers/print-answer.ts';
import { openKafka } from '../../client/kafka-clients.ts';
import { requireLab, settingsInForce } from '../../client/lab-client.ts';
import { isPipeline } from '../../supervisor/service-table.ts';

type Options = { rate?: string; failRate?: string; seed?: string; hot?: string; json?: boolean };

type Progress = { at: (acknowledged: number) => void; stop: () => void };

export function register(program: Command): void {
  withJson(program.command('burst'))
    .description('send many orders straight into Kafka; records of its load, where the lab runs another system')
    .argument('[count]', 'how many, by default TOTAL_EVENTS (10000)')
    .option('--rate <orders/s>', 'not faster than this, such as 500/s')
    .option('--fail-rate <share>', 'share of orders that arrive as failed, 0 to 1, by default ORDER_FAIL_RATE (0)')
    .option('--seed <text>', 'same seed, same users, items and prices; ids are new in every burst')
    .option('--hot <share>', 'share of the orders, 0 to 1, whose keys lie in partition 0; the others lie elsewhere')
    .addHelpText(
      'after',
      '\nExamples:\n  ./lab burst 10000\n  ./lab burst 60000 --rate 1000/s --fail-rate 0.1 --seed tuesday\n  ./lab burst 20000 --hot 0.7',
    )
    .action(burst);
}

async function burst(countText: string | undefined, options: Options): Promise<void> {
  const own = readSettings();
  const count = countText === undefined ? own.totalEvents : wholeNumber('count', countText, 1, 10_000_000);
  const rate = options.rate === undefined ? undefined : ratePerSec('--rate', options.rate);
  const failRate = options.failRate === undefined ? own.orderFailRate : share('--fail-rate', options.failRate);
  const hot = options.hot === undefined ? undefined : share('--hot', options.hot);
  const { settings, system } = await settingsInForce(own, process.env, burstSettings);
  if (!isPipeline(system)) return await burstOfSystem(count, rate, options);
  const runId = newRunId();
  const signal = abortOnInterrupt();
  const progress = showProgress(count, options.json ?? false);
  try {
    const result = await publishBurst({
      settings,
      topic: settings.ordersTopic,
      count,
      ratePerSec: rate,
      failRate,
      seed: options.seed ?? runId,
      hot,
      runId,
      progressEvery: own.printEvery,
      onProgress: progress.at,
      signal,
    });
    progress.stop();
    const { produced } = result;
    noteInLog(settings.labHome, 'order-service', { msg: burstSummary(result), run_id: runId, by: './lab burst' });
    if (options.json) printJson<'burst'>({ produced, remaining_in_queue: count - produced, ...figuresOf(result), run_id: runId });
    else print(burstSummary(result));
  } catch (error) {
    progress.stop();
    if (!(signal.aborted && error instanceof BurstIncomplete)) throw error;
    note(`lab: stopped; ${error.delivered} of ${count} orders are in ${settings.ordersTopic}`);
    throw interrupted();
  }
}

/** The same fields as the answer of POST /load-test. */
const figuresOf = ({ durationMs, eventsPerSec }: { durationMs: number; eventsPerSec: number }) => ({
  duration_ms: Math.round(durationMs * 1000) / 1000,
  events_per_sec: Math.round(eventsPerSec),
});

async function burstOfSystem(count: number, rate: number | undefined, { json = false, failRate, seed, hot }: Options): Promise<void> {
  if ([failRate, seed, hot].some((one) => one !== undefined))
    throw usageError('--fail-rate, --seed and --hot are about orders: this lab runs another system');
  using kafka = await openKafka(burstSettings);
  const lab = await requireLab(kafka.settings.labHome);
  const signal = abortOnInterrupt();
  const progress = showProgress(count, json);
  const system = readRunningSystem(kafka.system);
  const baseUrl = processAddress((await lab.state()).processes, system.load.http?.service);
  const wish = { ...kafka, system, baseUrl, count, ratePerSec: rate, onProgress: everyThousand(progress.at), signal };
  const result = await systemBurst(wish).finally(progress.stop);
  const { produced } = result;
  if (json) printJson<'burst'>({ produced, remaining_in_queue: count - produced, ...figuresOf(result) });
  else print(burstSummary(result));
  if (signal.aborted) throw interrupted();
  if (produced < count) throw new ReplaygroundError('burst-incomplete', `${count - produced} of ${count} records were not taken`);
}

/** Told of each thousand that is full. */
function everyThousand(tell: (sent: number) => void): (sent: number) => void {
  let told = 0;
  return (sent) => {
    if (Math.floor(sent / 1000) === Math.floor(told / 1000)) return;
    told = sent;
    tell(sent - (sent % 1000));
  };
}

/** A bar for people who watch, lines for files and pipes, nothing beside JSON. */
function showProgress(count: number, json: boolean): Progress {
  if (json) return { at: () => {}, stop: () => {} };
  if (!process.stderr.isTTY) return { at: (acknowledged) => print(burstProgress(acknowledged, count)), stop: () => {} };
  const bar = new SingleBar({
    format: '{bar} {value}/{total} orders, {eta_formatted} left',
    stream: process.stderr,
    clearOnComplete: true,
  });
  bar.start(count, 0);
  return { at: (acknowledged) => bar.update(acknowledged), stop: () => bar.stop() };
}
