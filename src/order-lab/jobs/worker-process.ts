/** The process that runs jobs for the lab, and ends with it. */

import { explained } from '../../kafka/access/explain-silence.ts';
import { clientConfig } from '../../kafka/client/client-config.ts';
import { toErrorMessage } from '../../kafka/errors.ts';
import { KafkaInspector } from '../../kafka/groups/inspector.ts';
import { jobs } from './all-jobs.ts';
import type { JobContext } from './job-context.ts';
import type { WorkReply, WorkRequest } from './worker.ts';

type AnyJob = (context: JobContext, args: unknown) => Promise<unknown>;

const running = new Map<number, AbortController>();
let inspector: KafkaInspector | undefined;

process.on('disconnect', () => process.exit());
process.on('message', async (request: WorkRequest) => {
  if ('abort' in request) return running.get(request.id)?.abort();
  const { id } = request;
  const stop = new AbortController();
  running.set(id, stop);
  const reply = await work(request, stop.signal);
  try {
    tell(reply);
  } catch (error) {
    // An answer that cannot be sent is this job's trouble alone, and none of Kafka's.
    tell({ id, error: toErrorMessage(error) });
  }
  running.delete(id);
});

async function work({ id, job, settings, args }: Exclude<WorkRequest, { abort: true }>, signal: AbortSignal): Promise<WorkReply> {
  // Somebody waits: the end of a partition is told at once, not after the half second that a broker waits for more.
  const config = { ...clientConfig(settings, 'lab-worker'), 'fetch.wait.max.ms': 10 };
  inspector ??= new KafkaInspector(config);
  const progress = (done: number): void => tell({ id, progress: done });
  try {
    return { id, result: await (jobs[job] as AnyJob)({ settings, config, inspector, signal, progress }, args) };
  } catch (error) {
    return { id, error: toErrorMessage(await explained(() => clientConfig(settings, 'lab-worker'), error)) };
  }
}

function tell(reply: WorkReply): void {
  if (process.connected) process.send?.(reply);
}
