/**
 * Ends records that a transaction of an earlier life has left in the log, and that Kafka (4.3, 4.4) has forgotten: its coordinator takes a partition
 * that has no leader at that moment for one that was deleted, and writes no end of the transaction there (KAFKA-20734).
 */

import { BatchWriter } from '../bridge/batch-writer.ts';
import type { BridgeProducer } from '../bridge/bridge-producer.ts';
import type { ClientConfig } from '../client/connect.ts';
import type { Partition } from '../partition.ts';
import { connectForWatermarks, connectReader } from '../reading/read-to-end.ts';
import { askTwoEnds } from '../stalls/ask-two-ends.ts';

/**
 * Readers of committed records would wait for them for ever, and the next commit of this producer in such a partition would make them readable,
 * although their transaction was aborted. The partition knows them by the producer: so a record of its own that is given up takes them along.
 * Where the open transaction is somebody else's, who may be at work, only the record that was given up is left, and nobody reads that.
 *
 * @param producer whose transactions were begun (`initTransactions`), and who has none open
 * @param config librdkafka's configuration; its `client.id` names the clients
 * @param topics what the producer writes to
 * @param withinMs a bound for each step
 * @throws ReplaygroundError `kafka-unreachable`, `kafka-error`, `kafka-deadline`
 */
export async function endForgottenRecords(
  producer: BridgeProducer,
  config: ClientConfig,
  topics: readonly string[],
  withinMs: number,
): Promise<void> {
  const open = await partitionsWithOpenEnd(config, topics);
  if (open.length === 0) return;
  const batch = new BatchWriter();
  // With a key, for a topic that is compacted takes none without.
  for (const { topic, partition } of open) batch.write({ topic: producer.topic(topic), partition, key: '', value: null });
  await producer.begin();
  await producer.send(batch, withinMs);
  await producer.abort(withinMs);
}

/** @returns the partitions that hold records of a transaction that has not ended: their last stable offset lies before their high watermark */
async function partitionsWithOpenEnd(config: ClientConfig, topics: readonly string[]): Promise<Partition[]> {
  await using askStable = await connectReader(config);
  await using askEnds = await connectForWatermarks(config);
  const partitions = await Promise.all(
    topics.map(async (topic) => {
      // -1 where there is no such topic yet.
      const count = Math.max(0, (await askEnds.metadata(topic)).partitions);
      return Array.from({ length: count }, (_, partition) => ({ topic, partition }));
    }),
  );
  const looked = await Promise.all(partitions.flat().map((one) => askTwoEnds({ askStable, askEnds }, one)));
  return looked.filter(({ stable, end }) => stable < end);
}
