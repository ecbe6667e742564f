/** Reads what a run has brought into a topic, by a consumer of its own. */
import type { Message } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { connectReader, readToEnd } from '../../../kafka/reading/read-to-end.ts';
import type { Rig } from '../rig.ts';

/**
 * @param topic whose committed records since the run began are read, in the order of each partition
 * @param onRecord called with each
 */
export async function readSince({ lab, baseline }: Rig, topic: string, onRecord: (record: Message) => void): Promise<void> {
  const partitions = await lab.inspector.ask('partitionsOf', [topic]);
  const starts = partitions.map((one) => ({ ...one, offset: baseline.ends.get(`${one.topic}/${one.partition}`) ?? 0 }));
  await using reader = await connectReader({ ...lab.config, 'client.id': 'scenario-reader' });
  await readToEnd(reader, starts, (chunk) => chunk.forEach(onRecord));
}
