/** What a crash test waits for: the first record that comes out before the storm, and the end of open transactions after it. */
import { setTimeout as delay } from 'node:timers/promises';
import { ReplaygroundError } from '../../../kafka/errors.ts';
import type { SystemFile } from '../../systems/file/system-schema.ts';
import type { RunningService } from '../../systems/process/running-service.ts';
import type { Sample } from './group-history.ts';

type Look = () => Promise<Sample | undefined>;

const firstOutputWithinMs = 60_000;
/** Longer than the clients' default transaction timeout, after which the broker ends what a dead process left open. */
const transactionsWithinMs = 75_000;
const lookEveryMs = 300;

/** @throws ReplaygroundError `system-not-started` where nothing comes out of a system that nobody disturbs */
export async function untilFirstOutput(
  look: Look,
  { ledger }: SystemFile,
  services: readonly RunningService[],
  signal: AbortSignal,
): Promise<void> {
  const end = Date.now() + firstOutputWithinMs;
  while (!((await look())?.written ?? 0)) {
    if (Date.now() > end) {
      const said = services.flatMap(({ instances }) => instances).map(({ name, lastWords }) => `${name}: ${lastWords || 'nothing'}`);
      const where = ledger.map(({ to }) => to).join(', ');
      throw new ReplaygroundError(
        'system-not-started',
        `nothing came out in ${where} within ${firstOutputWithinMs / 1000} s, before any fault; ${said.join('; ')} (logs: ${services[0]?.instances[0]?.logFile})`,
      );
    }
    await delay(lookEveryMs, undefined, { signal });
  }
}

/** @returns whether the system writes in transactions, as far as was seen */
export async function untilTransactionsEnd(look: Look, signal: AbortSignal, seen: boolean): Promise<boolean> {
  const end = Date.now() + transactionsWithinMs;
  for (let open = seen; ; open = true) {
    const sample = await look();
    if ((sample && !sample.transactionOpen) || Date.now() > end) return open;
    await delay(lookEveryMs, undefined, { signal });
  }
}
