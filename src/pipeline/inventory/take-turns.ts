/** The shell of `growth/partition-growth.ts`: who may read in which generation of the group, and who waits for whom. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { TopicWatch } from '../../kafka/admin/topic-watch.ts';
import type { ClientConfig } from '../../kafka/client/connect.ts';
import { ReplaygroundError } from '../../kafka/errors.ts';
import type { Handler } from '../../kafka/exactly-once/exactly-once.ts';
import type { Partition } from '../../kafka/partition.ts';
import { dutyOf, type Growth, hasGrown, lacksOutputs } from '../growth/partition-growth.ts';
import { waitUntilNobodyReads } from '../growth/wait-for-group.ts';

const lookEveryMs = 1000;

/**
 * Settles when this instance may join its group: at once, unless the topic grew; then when nobody is in the group.
 * @param onLook called about once a second while it waits
 */
export async function waitForTurn(
  config: ClientConfig,
  groupId: string,
  growth: Growth,
  signal: AbortSignal,
  onLook: () => void,
): Promise<void> {
  const pause = async (): Promise<void> => {
    onLook();
    await sleep(lookEveryMs, undefined, { signal }).catch(() => {});
  };
  // Another number of partitions ends the process: see `TopicWatch`.
  while (lacksOutputs(growth) && !signal.aborted) await pause();
  if (hasGrown(growth)) await waitUntilNobodyReads(config, groupId, signal, onLook);
}

/**
 * Before partitions are taken over. The numbers of partitions are asked anew, so that nobody reads by an old one after a rebalance.
 * @returns those that may be read in this generation
 * @throws ReplaygroundError `topic-grown`, `topic-made-anew`, `stand-by`
 */
export async function admit(assigned: Partition[], watch: TopicWatch, growth: Growth): Promise<Partition[]> {
  await watch.check();
  if (watch.trouble !== undefined) return [];
  const duty = dutyOf(
    assigned.map(({ partition }) => partition),
    growth,
  );
  if (duty !== 'stand-by') return duty === 'read' ? assigned : [];
  throw new ReplaygroundError('stand-by', `another instance decides alone on ${growth.orders.name}, which has grown: this one stands by`, {
    retriable: true,
  });
}

/** @returns the handler; on a topic that grew no partition is read before the decisions of all of them are */
export function restoringWhole(handler: Handler, growth: Growth): Handler {
  if (!hasGrown(growth)) return handler;
  return {
    ...handler,
    restore: async (partitions) => ((await handler.restore(partitions)).length > 0 ? partitions : []),
  };
}
