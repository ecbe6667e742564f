/** What the page of a crash test shows of it: how far it is, what it reached, and what the log says so far. */
import { setTimeout as delay } from 'node:timers/promises';
import { KafkaInspector } from '../../kafka/groups/inspector.ts';
import type { CrashTestView, LedgerSoFar } from '../wire/crash-test.ts';
import { judgeLedger } from './judge/judge-ledger.ts';
import { readLogs } from './judge/read-logs.ts';
import { countsOf, guaranteeOf } from './judge/verdict.ts';
import type { Stage } from './stage.ts';

export class RunView {
  #now: CrashTestView;
  readonly #tell: (view: CrashTestView) => void;

  /** @param tell called with each change, and at once */
  constructor(first: CrashTestView, tell: (view: CrashTestView) => void) {
    this.#now = first;
    this.#tell = tell;
    tell(first);
  }

  get now(): CrashTestView {
    return this.#now;
  }

  change(part: Partial<CrashTestView>): void {
    this.#now = { ...this.#now, ...part };
    this.#tell(this.#now);
  }
}

/** A look at the whole log costs the system some of the machine: not more often, and not more than a tenth of the time (ms). */
const leastApartMs = 5000;
const restFactor = 9;

/**
 * Reads the ledgers of a system that goes on, again and again; what Kafka does not tell now, it tells later.
 * @param unreadable see `StormOptions`
 * @returns what ends it
 */
export function followLedger(
  { kafka, system, load }: Pick<Stage, 'kafka' | 'system' | 'load'>,
  view: RunView,
  unreadable: ReadonlySet<string>,
): AsyncDisposable {
  const inspector = new KafkaInspector(kafka.config);
  const over = new AbortController();
  const follow = async (): Promise<void> => {
    while (!over.signal.aborted) {
      const startedAt = performance.now();
      const logs = await readLogs({ ...kafka, inspector, system, unreadable, goesOn: true }).catch(() => undefined);
      if (over.signal.aborted) return;
      if (logs) {
        const soFar = soFarOf(countsOf(logs.map(judgeLedger)));
        view.change({ sent: load.sent, soFar, behavesAs: guaranteeOf(soFar) });
      }
      const restMs = Math.max(leastApartMs, restFactor * (performance.now() - startedAt));
      await delay(restMs, undefined, { signal: over.signal }).catch(() => {});
    }
  };
  const following = follow();
  return {
    async [Symbol.asyncDispose]() {
      over.abort();
      await following;
      inspector[Symbol.dispose]();
    },
  };
}

/** @returns the counts alone */
export const soFarOf = ({ ids, lost, repeated, invented, outOfOrder, unread }: LedgerSoFar): LedgerSoFar => ({
  ids,
  lost,
  repeated,
  invented,
  outOfOrder,
  unread,
});
