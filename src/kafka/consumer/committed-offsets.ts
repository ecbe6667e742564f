/** What a group has committed, as one of its members asks before it reads. */
import { setTimeout as sleep } from 'node:timers/promises';
import { errorOfCode } from '../admin/with-deadline.ts';
import type { BridgeConsumer } from '../bridge/bridge-consumer.ts';
import { bridgeError } from '../bridge/bridge-error.ts';
import type { PartitionAnswer } from '../bridge/load.ts';
import type { Partition } from '../partition.ts';

/** STALE_MEMBER_EPOCH: the group went on between two heartbeats of the member, which knows its new epoch soon (KIP-848). */
const staleEpoch = 113;
const askAgainMs = 100;

/**
 * Waits for transactions under way (KIP-447, `require_stable`): the consumer must read committed.
 * @param consumer a member of the group
 * @param partitions which partitions
 * @param timeoutMs longer than the longest transaction (ms)
 * @returns offset and metadata of each; the offset is undefined where nothing is committed
 * @throws ReplaygroundError `kafka-error`, `kafka-deadline`
 */
export async function committedOffsets(
  consumer: BridgeConsumer,
  partitions: readonly Partition[],
  timeoutMs: number,
): Promise<(Partition & { offset: number | undefined; metadata: string | undefined })[]> {
  const answers = await askAsMember(consumer, partitions, timeoutMs);
  return answers.map(({ topic, partition, offset, metadata, code, text }) => {
    if (code !== undefined) {
      throw errorOfCode(`read the committed offset of ${topic}/${partition}`, { code, text });
    }
    return { topic, partition, offset: offset >= 0 ? offset : undefined, metadata: metadata || undefined };
  });
}

async function askAsMember(consumer: BridgeConsumer, partitions: readonly Partition[], timeoutMs: number): Promise<PartitionAnswer[]> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const answers = await consumer.committed(partitions, timeoutMs).catch((error: unknown) => {
      if (bridgeError(error)?.code !== staleEpoch || Date.now() > end) throw error;
      return undefined;
    });
    if (answers && (Date.now() > end || answers.every(({ code }) => code !== staleEpoch))) return answers;
    await sleep(askAgainMs);
  }
}
