/** Reads all of what came in and went out when a run is over, committed records only. */
import type { BridgeConsumer } from '../../../kafka/bridge/bridge-consumer.ts';
import type { RecordBatch } from '../../../kafka/bridge/record-batch.ts';
import type { ClientConfig } from '../../../kafka/client/connect.ts';
import type { KafkaInspector } from '../../../kafka/groups/inspector.ts';
import { connectForWatermarks, connectReader, readUpTo } from '../../../kafka/reading/read-to-end.ts';
import type { ToolSettings } from '../../broker/transaction-owner.ts';
import type { LedgerFile, RecordId, ServiceFile, SystemFile } from '../../systems/file/system-schema.ts';
import { shareOffsets } from '../watch/queue-samples.ts';
import { idOf, type LedgerLog, type LoggedRecord } from './ledger-log.ts';

export type ReadOptions = {
  config: ClientConfig;
  system: SystemFile;
  /** Places of records that nobody can read, as `topic/partition@offset`. */
  unreadable: ReadonlySet<string>;
  /** Whether the system runs while it is read. */
  goesOn: boolean;
  /** Reads up to the transactions that are open, which never end where Kafka skipped their markers; else they are waited for. */
  upToOpen?: boolean;
  inspector: Pick<KafkaInspector, 'ask'>;
  /** Where Kafka is, for its own tools. */
  settings: ToolSettings;
};

/** @throws ReplaygroundError `read-stalled` where a transaction that is waited for stays open; `kafka-error` */
export async function readLogs({
  config,
  inspector,
  settings,
  system,
  unreadable,
  goesOn,
  upToOpen = false,
}: ReadOptions): Promise<LedgerLog[]> {
  await using reader = await connectReader(config);
  await using ends = await (upToOpen ? connectReader(config) : connectForWatermarks(config));
  const logs: LedgerLog[] = [];
  for (const ledger of system.ledger) {
    const read = (topic: string, id: RecordId): Promise<LoggedRecord[]> =>
      readTopic(reader, ends, topic, system.topics[topic]?.partitions ?? 1, id);
    const service = readerOf(system, ledger);
    // In this order, since the system may go on: what was committed has come out by then, and what came out had come in.
    const positions = await positionsOf(service, ledger.from, inspector, settings);
    const outputs = await read(ledger.to, ledger.id);
    const deadLetters: LoggedRecord[] = [];
    for (const topic of ledger['dead-letters'] ?? []) deadLetters.push(...(await read(topic, ledger.id)));
    const inputs = await read(ledger.from, ledger.id);
    const prefix = `${ledger.from}/`;
    logs.push({
      from: ledger.from,
      to: ledger.to,
      inputs,
      outputs,
      deadLetters,
      unreadable: new Set([...unreadable].filter((place) => place.startsWith(prefix)).map((place) => place.slice(prefix.length))),
      committed: positions,
      goesOn,
      isQueue: service?.['share-group'] !== undefined,
      deduplicates: ledger.deduplicates ?? false,
    });
  }
  return logs;
}

/** How far a topic is read, by partition; undefined where no group is known. */
async function positionsOf(
  reader: ServiceFile | undefined,
  topic: string,
  inspector: ReadOptions['inspector'],
  settings: ToolSettings,
): Promise<Map<number, number> | undefined> {
  const { group, 'share-group': shareGroup } = reader ?? {};
  if (group !== undefined) return await committedIn(inspector, group, topic);
  return shareGroup === undefined ? undefined : await doneWith(settings, shareGroup, topic);
}

/** What a group has committed in a topic, by partition. */
async function committedIn(inspector: ReadOptions['inspector'], group: string, topic: string): Promise<Map<number, number>> {
  const commits = await inspector.ask('committed', group, false);
  return new Map(commits.filter((one) => one.topic === topic).map(({ partition, offset }) => [partition, offset]));
}

/** Before which offset a share group has done with everything of a topic, by partition. */
async function doneWith(settings: ToolSettings, group: string, topic: string): Promise<Map<number, number>> {
  const shared = await shareOffsets(settings, group);
  return new Map(shared.flatMap((one) => (one.topic === topic && one.startOffset !== undefined ? [[one.partition, one.startOffset]] : [])));
}

/** @returns the service that reads what comes into a ledger: the one that writes its other side, where several read it */
export function readerOf({ services }: Pick<SystemFile, 'services'>, { from, to }: LedgerFile): ServiceFile | undefined {
  const readers = Object.values(services).filter(({ reads = [] }) => reads.includes(from));
  return readers.find(({ writes = [] }) => writes.includes(to)) ?? readers[0];
}

async function readTopic(
  reader: BridgeConsumer,
  ends: BridgeConsumer,
  topic: string,
  partitions: number,
  id: RecordId,
): Promise<LoggedRecord[]> {
  const ranges = [];
  for (let partition = 0; partition < partitions; partition += 1) {
    const { low, high } = await ends.watermarks({ topic, partition });
    ranges.push({ topic, partition, from: low, to: high });
  }
  const records: LoggedRecord[] = [];
  await readUpTo(reader, ranges, (batch) => {
    for (let i = 0; i < batch.count; i += 1) records.push(loggedRecord(batch, i, id));
  });
  return records;
}

const loggedRecord = (batch: RecordBatch, i: number, id: RecordId): LoggedRecord => ({
  topic: batch.topic(i),
  partition: batch.partition(i),
  offset: batch.offset(i),
  id: idOf({ key: batch.key(i), value: batch.value(i), headers: batch.headers(i) }, id),
  key: batch.key(i)?.toString() ?? null,
  at: batch.timestamp(i),
});
