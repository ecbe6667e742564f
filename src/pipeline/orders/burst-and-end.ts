/** A burst as a program: settings from the environment, progress and summary on stdout, an exit code. */
import { ReplaygroundError } from '../../kafka/errors.ts';
import type { Settings } from '../settings/declarations.ts';
import { readSettings } from '../settings/read-settings.ts';
import { makeTopics } from './app.ts';
import { publishBurst } from './burst.ts';
import { burstProgress, burstSummary } from './burst-lines.ts';
import { newRunId } from './run-id.ts';

/** By these a burst goes itself, whatever the services were started with. */
export const burstSettings = ['totalEvents', 'printEvery', 'orderFailRate', 'mode'] as const;

/**
 * Sends TOTAL_EVENTS orders, a line each PRINT_EVERY; makes the topics where there are none.
 * @param locate may replace where Kafka is and how the topics are called
 * @returns the exit code: 0, 1 when not every order is in, 2 for a bad setting, 130 after Ctrl-C
 */
export async function burstAndEnd(locate: (settings: Settings) => Promise<Settings> = async (settings) => settings): Promise<number> {
  const interrupted = new AbortController();
  process.on('SIGINT', () => interrupted.abort());
  process.on('SIGTERM', () => interrupted.abort());
  let code = 2;
  try {
    const own = readSettings();
    code = 1;
    const settings = await locate(own);
    const runId = newRunId();
    const burst = () =>
      publishBurst({
        settings,
        topic: settings.ordersTopic,
        count: settings.totalEvents,
        failRate: settings.orderFailRate,
        seed: runId,
        runId,
        progressEvery: settings.printEvery,
        onProgress: (acknowledged) => console.log(burstProgress(acknowledged, settings.totalEvents)),
        signal: interrupted.signal,
      });
    const result = await burst().catch(async (error) => {
      if (!(error instanceof ReplaygroundError && error.code === 'topic-missing')) throw error;
      await makeTopics(settings, 'burst');
      return burst();
    });
    console.log(burstSummary(result));
    return 0;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    return interrupted.signal.aborted ? 130 : code;
  }
}
