/** The exactly-once loop for a function of a record: what it gives is in the log once, whatever dies when. */
import { describeTopics, ensureTopics } from '../admin/admin.ts';
import { deadLetterSpec } from '../admin/side-topics.ts';
import type { BatchWriter } from '../bridge/batch-writer.ts';
import type { RecordBatch } from '../bridge/record-batch.ts';
import { connectAdmin } from '../client/connect.ts';
import { deadLetter } from '../dead-letters/build-letter.ts';
import { ReplaygroundError } from '../errors.ts';
import { type Decided, runExactlyOnce } from '../exactly-once/exactly-once.ts';
import type { Output } from '../record/output.ts';
import { type Connection, libraryConfig } from './connection.ts';
import { receivedRecord, writeRecord } from './convert-records.ts';
import type { ReceivedRecord, RecordToSend } from './records.ts';
import { UnprocessableError } from './unprocessable.ts';

export type ProcessorOptions = {
  kafka: Connection;
  /** The consumer group: its members share the partitions of `from`. */
  group: string;
  /** This member's name, the same in each of its lives and no other's: its transactions have the id `<group>-<instance>`. */
  instance: string;
  /** The topic that is read, committed records alone, and a new group from the beginning. */
  from: string;
  /** The topics that may be written to. */
  to: string | readonly string[];
  /**
   * Called once for each record, in the order of its partition; called again for records whose transaction was not committed when a process died.
   * What it does outside of Kafka is not undone then.
   * @returns what is to be written for it, if anything
   * @throws UnprocessableError makes it a dead letter in `<from>.dlq`; anything else ends the loop
   */
  process(record: ReceivedRecord): RecordToSend | readonly RecordToSend[] | undefined;
  /** Aborted, the loop ends after the batch under way; until then it goes on. */
  signal?: AbortSignal;
  /** How the members share the partitions: `classic`, or `consumer` (KIP-848, brokers from 4.0 on). */
  groupProtocol?: 'classic' | 'consumer';
  /** Told of the partitions of this member whenever it is asked for the next batch. */
  onStep?(partitions: readonly number[]): void;
};

/**
 * Reads, processes and writes in transactions that hold the offsets too (KIP-98, KIP-447), several thousand records each, up to 100 ms long. Makes the
 * topic of the dead letters where it is missing; the other topics have to be there.
 * @returns settles when the signal has aborted and all is committed
 * @throws ReplaygroundError, or what `process` threw. There is no second way to recover: end the process, and let whatever runs it start it again; it
 *   goes on from the log
 */
export async function processExactlyOnce(options: ProcessorOptions): Promise<void> {
  const { group, instance, from, signal = new AbortController().signal } = options;
  const outputs = [options.to].flat();
  const config = libraryConfig(options.kafka, `${group}-${instance}`);
  await prepareTopics(config, from, outputs);
  await runExactlyOnce({
    config,
    groupId: group,
    groupProtocol: options.groupProtocol,
    transactionalId: `${group}-${instance}`,
    topic: from,
    outputs,
    handler: { restore: async () => [], decide: (records, out) => processed(records, out, outputs, options) },
    control: () => ({ throttleMs: 0, paused: false, delivery: 'exactly-once' }),
    passing: () => undefined,
    signal,
    onStep: (partitions) => options.onStep?.(partitions),
  });
}

async function prepareTopics(config: Record<string, unknown>, from: string, outputs: readonly string[]): Promise<void> {
  using admin = connectAdmin(config);
  await describeTopics(admin.client, [from, ...outputs]);
  await ensureTopics(admin.client, [deadLetterSpec(from)]);
}

function processed(records: RecordBatch, out: BatchWriter, outputs: readonly string[], { process, group }: ProcessorOptions): Decided {
  const letters: Output[] = [];
  for (let i = 0; i < records.count; i += 1) {
    try {
      for (const record of [process(receivedRecord(records, i)) ?? []].flat() as RecordToSend[]) {
        writeRecord(out, numberOf(record.topic, outputs), record);
      }
    } catch (error) {
      if (!(error instanceof UnprocessableError)) throw error;
      letters.push(deadLetter(records.copyOf(i), error, group, new Date()));
    }
  }
  return { letters, committed: () => {} };
}

function numberOf(topic: string | undefined, outputs: readonly string[]): number {
  const number = topic === undefined ? 0 : outputs.indexOf(topic);
  if (number < 0)
    throw new ReplaygroundError('unknown-topic', `a record is for ${topic}, which is none of the topics in "to": ${outputs.join(', ')}`);
  return number;
}
