/** `./lab replay` in a lab that runs a system of anybody's: the digest that it tells, before and after it has read all again. */
import { ReplaygroundError } from '../../kafka/errors.ts';
import { readRunningSystem } from '../../lab/systems/file/read-system.ts';
import { note, print } from '../../lab/terminal/output.ts';
import { printJson } from '../answers/print-answer.ts';
import type { KafkaClients } from '../client/kafka-clients.ts';
import type { LabClient } from '../client/lab-client.ts';
import { replaySystem } from '../client/replay-system.ts';

/** @throws ReplaygroundError `replay-differs`; those of `replaySystem` */
export async function replayInSystem(
  kafka: KafkaClients,
  lab: LabClient,
  { json, onProgress }: { json: boolean; onProgress: (left: number) => void },
): Promise<void> {
  const { settings, system } = kafka;
  const result = await replaySystem({
    lab,
    kafka,
    system: readRunningSystem(system),
    labHome: settings.labHome,
    onStep: (text) => note(`lab: ${text}`),
    onProgress,
  });
  const { identical, before, after, durationMs, backup } = result;
  const [was, is] = [before, after].map((digest) => JSON.stringify(digest));
  if (json) printJson<'replay-system'>({ identical, before, after, duration_ms: Math.round(durationMs), backup });
  else {
    print(`Read again in ${(durationMs / 1000).toFixed(1)} s`);
    print(identical ? `Identical: ${is}` : `Different: ${was} before, ${is} after`);
  }
  if (!identical) throw new ReplaygroundError('replay-differs', `the replay gave another digest: ${was} before, ${is} after`);
}
