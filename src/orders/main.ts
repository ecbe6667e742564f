/** The order-service process: serves HTTP, or with MODE=burst sends one burst and ends. */
import { ReplaygroundError } from '../errors.ts';
import { exitNow } from '../service/exit-now.ts';
import { runService } from '../service/run-service.ts';
import { readSettings } from '../settings/read-settings.ts';
import { makeTopics, startOrderService } from './app.ts';
import { publishBurst } from './burst.ts';
import { burstProgress, burstSummary } from './burst-lines.ts';
import { newRunId } from './run-id.ts';

const burstMode = process.env.MODE?.trim().toLowerCase() === 'burst';
if (burstMode) exitNow(await burstAndEnd());
await runService('order-service', startOrderService);

/** @returns the exit code: 0, 1 when not every order is in, 2 for a bad setting, 130 after Ctrl-C */
async function burstAndEnd(): Promise<number> {
  const interrupted = new AbortController();
  process.on('SIGINT', () => interrupted.abort());
  process.on('SIGTERM', () => interrupted.abort());
  let code = 2;
  try {
    const settings = readSettings();
    code = 1;
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
