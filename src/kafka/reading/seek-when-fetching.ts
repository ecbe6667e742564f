/** Reads on elsewhere in partitions that stay assigned: librdkafka refuses to move one that it has not begun to fetch, or is just moving. */
import { setTimeout as sleep } from 'node:timers/promises';
import { errorOfCode } from '../admin/with-deadline.ts';
import type { BridgeConsumer } from '../bridge/bridge-consumer.ts';
import { type PartitionOffset, partitionKey } from '../partition.ts';

/** _STATE: not fetched yet. _PREV_IN_PROGRESS: its fetching is being stopped or moved. */
const tooSoon = new Set([-172, -177]);
const tryAgainMs = 20;
const deadlineMs = 10_000;

/**
 * @param consumer owns the partitions
 * @param offsets where to read on; what was read ahead is dropped
 * @throws ReplaygroundError `kafka-error`, `kafka-deadline`
 */
export async function seekWhenFetching(consumer: BridgeConsumer, offsets: readonly PartitionOffset[]): Promise<void> {
  const end = Date.now() + deadlineMs;
  for (let left = offsets; left.length > 0; ) {
    const answers = await consumer.seek(left);
    const refused = answers.filter(({ code }) => code !== undefined);
    const [lasting] = refused.filter(({ code }) => !tooSoon.has(code ?? 0) || Date.now() > end);
    if (lasting)
      throw errorOfCode(`read on at another offset of ${partitionKey(lasting)}`, { code: lasting.code ?? 0, text: lasting.text });
    left = left.filter((one) => refused.some((other) => partitionKey(other) === partitionKey(one)));
    if (left.length > 0) await sleep(tryAgainMs);
  }
}
