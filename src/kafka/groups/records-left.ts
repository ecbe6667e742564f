/** What is really left to read behind a group: ends of transactions take offsets too, and whoever commits behind its last record stays before them. */
import type { ClientConfig } from '../client/connect.ts';
import { connectReader, readUpTo } from '../reading/read-to-end.ts';
import type { GroupState } from './group-state.ts';

/**
 * @param config librdkafka's configuration
 * @param states of groups, with how far each is
 * @returns committed records between that and the ends: no control records (KIP-98), none of transactions that were given up
 * @throws ReplaygroundError `read-stalled` where a transaction is open for a minute; `kafka-error`, `kafka-unreachable`
 */
export async function recordsLeft(config: ClientConfig, states: readonly GroupState[]): Promise<number> {
  await using reader = await connectReader({ ...config, 'client.id': `${config['client.id']}-left` });
  let count = 0;
  for (const { partitions } of states) {
    const ranges = partitions.map(({ topic, partition, committed, start = 0, end = 0 }) => {
      return { topic, partition, from: Math.max(committed ?? start, start), to: end };
    });
    await readUpTo(reader, ranges, (batch) => {
      for (let i = 0; i < batch.count; i += 1) {
        const range = ranges.find(({ topic, partition }) => topic === batch.topic(i) && partition === batch.partition(i));
        if (range && batch.offset(i) < range.to) count += 1;
      }
    });
  }
  return count;
}
