/** Looks at share groups by Kafka's own tool, a JVM each time: every few seconds, and only while somebody wants to know. */

import type { WorkerFigures } from '../../kafka/consumer/worker-figures.ts';
import type { SharePartition } from '../broker/share-groups.ts';
import type { ProcessView, QueueView, ServiceFacts } from '../wire/all.ts';
import { queueChoice } from './autoscale/autoscaler.ts';
import { keepLooking, Source } from './samples/freshness.ts';

/** @returns what is left of each partition of a share group. @throws where there is no such group, or no Kafka */
export type ShareOffsets = (group: string) => Promise<SharePartition[]>;

export type QueueLookOptions = {
  services: readonly ServiceFacts[];
  shareOffsets: ShareOffsets;
  /** As they were listed last. */
  processes: () => readonly ProcessView[];
  isWatched: () => boolean;
};

type Found = { partitions: QueueView['partitions']; atMs: number };

/** Whether it is time is looked at so often; then Kafka is asked, and left alone for a while (ms). */
const everyMs = 1000;
const askEveryMs = 8000;

type Queue = ServiceFacts & { shareGroup: string };

export class QueueLook {
  readonly #options: QueueLookOptions;
  readonly #queues: readonly Queue[];
  readonly #found = new Map<string, Found>();
  readonly #askedMs = new Map<string, number>();

  constructor(options: QueueLookOptions) {
    this.#options = options;
    this.#queues = options.services.flatMap(({ shareGroup, ...service }) => (shareGroup === undefined ? [] : [{ ...service, shareGroup }]));
  }

  /** Begins to look; ends with the signal. */
  start(signal: AbortSignal): void {
    if (this.#queues.length > 0) void keepLooking(new Source(), everyMs, () => this.#look(), signal);
  }

  /**
   * @param workers by the name of the process, of those that tell
   * @param archived dead letters that the broker wrote, where they can be counted
   * @returns the share groups, in the order of the services
   */
  views(workers: ReadonlyMap<string, WorkerFigures>, archived: number | null): QueueView[] {
    return this.#queues.map(({ shareGroup: group, name: service, most, reads }) => {
      const found = this.#found.get(group);
      const partitions = found?.partitions ?? [];
      const lags = partitions.flatMap(({ lag }) => (lag === null ? [] : [lag]));
      const running = this.#running(service);
      return {
        group,
        service,
        reads,
        running,
        partitions,
        backlog: lags.length === 0 ? null : lags.reduce((sum, lag) => sum + lag, 0),
        askedAt: found ? new Date(found.atMs).toISOString() : null,
        archived,
        workers: this.#processesOf(service).map(({ name: process }) => ({ process, figures: workers.get(process) ?? null })),
        autoscaler: lags.length === 0 ? null : queueChoice(lags, running, most),
      };
    });
  }

  async #look(): Promise<void> {
    const { isWatched, shareOffsets } = this.#options;
    if (!isWatched()) return;
    for (const { shareGroup: group, name } of this.#queues) {
      // A group that nobody has worked for is not there.
      if (this.#running(name) === 0 && !this.#found.has(group)) continue;
      if (Date.now() - (this.#askedMs.get(group) ?? 0) < askEveryMs) continue;
      this.#askedMs.set(group, Date.now());
      const told = await shareOffsets(group);
      const partitions = told.map(({ startOffset = null, lag = null, ...one }) => ({ ...one, startOffset, lag }));
      this.#found.set(group, { partitions, atMs: Date.now() });
    }
  }

  #processesOf(service: string): ProcessView[] {
    return this.#options.processes().filter((one) => one.service === service);
  }

  #running(service: string): number {
    return this.#processesOf(service).filter(({ state }) => state !== 'stopped').length;
  }
}
