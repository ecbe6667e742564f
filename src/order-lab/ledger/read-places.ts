/** Looks at single places of the log: when the record there was written, and whether a reader of committed records sees it. */
import type { ClientConfig } from '../../kafka/client/connect.ts';
import { type PartitionOffset, partitionKey, type Range } from '../../kafka/partition.ts';
import { readRange } from '../../kafka/reading/read-range.ts';
import { connectReader } from '../../kafka/reading/read-to-end.ts';
import { placeKey, type Seen } from './finding-story.ts';

/** Somebody waits for it (ms). */
const withinMs = 15_000;
/** Records that are read for nothing between two places, at most. */
const mostBetween = 5000;

/**
 * @param config librdkafka's configuration
 * @param places in any order, also more than once
 * @returns those at which there is a record
 * @throws ReplaygroundError `kafka-unreachable`, `kafka-error`
 */
export async function readPlaces(config: ClientConfig, places: readonly PartitionOffset[], signal?: AbortSignal): Promise<Seen[]> {
  const wanted = [...new Map(places.map((one) => [placeKey(one), one])).values()];
  const all = await timesAt(config, 'read_uncommitted', wanted, signal);
  const committed = await timesAt(config, 'read_committed', wanted, signal);
  return wanted.flatMap((one) => {
    const key = placeKey(one);
    const atMs = all.get(key);
    const { topic, partition, offset } = one;
    return atMs === undefined ? [] : [{ topic, partition, offset, atMs, isCommitted: committed.has(key) }];
  });
}

async function timesAt(
  config: ClientConfig,
  isolation: string,
  places: readonly PartitionOffset[],
  signal: AbortSignal | undefined,
): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  if (places.length === 0) return found;
  await using reader = await connectReader({ ...config, 'client.id': 'lab-ledger-places', 'isolation.level': isolation });
  const until = AbortSignal.any([AbortSignal.timeout(withinMs), ...(signal ? [signal] : [])]);
  const wanted = new Set(places.map(placeKey));
  const queues = [...Map.groupBy(places, partitionKey).values()].map(stretchesOf);
  // A stretch of each partition at a time.
  for (let round = 0; queues.some((queue) => queue[round]) && !until.aborted; round += 1) {
    await readRange(
      reader,
      queues.flatMap((queue) => queue.slice(round, round + 1)),
      ({ topic, partition, offset, timestamp }) => {
        const key = placeKey({ topic, partition, offset });
        if (wanted.has(key)) found.set(key, timestamp ?? 0);
        return true;
      },
      until,
    );
  }
  return found;
}

/** @returns ranges of one partition that hold all of its places: a look at each by itself takes longer than all that lies between near ones */
export function stretchesOf(places: readonly PartitionOffset[]): Range[] {
  const ranges: Range[] = [];
  for (const { topic, partition, offset } of places.toSorted((a, b) => a.offset - b.offset)) {
    const last = ranges.at(-1);
    if (last && offset - last.to <= mostBetween) last.to = offset + 1;
    else ranges.push({ topic, partition, from: offset, to: offset + 1 });
  }
  return ranges;
}
