/** Four lags of each partition for `./lab lag`: ends from the broker, what readers have and what is visible from the lab that runs. */
import type { GroupState } from '../../kafka/groups/group-state.ts';
import { groupLag } from '../../kafka/groups/lag.ts';
import { partitionKey } from '../../kafka/partition.ts';
import { openTransactionText } from '../../kafka/stalls/open-transactions.ts';
import { transactionOwner } from '../../lab/broker/transaction-owner.ts';
import { note, printTable } from '../../lab/terminal/output.ts';
import { type FourLags, fourLags } from '../../lab/watch/verdict/four-lags.ts';
import { type LagKind, lagKinds } from '../../lab/wire/lag-kinds.ts';
import type { KafkaClients } from '../client/kafka-clients.ts';
import type { GroupPartition, GroupView } from '../wire/all.ts';

/** By `partitionKey`. */
export type Behind = ReadonlyMap<string, FourLags>;

const kinds = Object.keys(lagKinds) as LagKind[];
const headers = ['GROUP', 'TOPIC', 'PARTITION', ...kinds.map((kind) => lagKinds[kind].header), 'WHAT MATTERS'];

/**
 * @param group as the broker told it
 * @param told the same as the running lab knows it; undefined where none runs
 * @param askOwner whether Kafka's tool is asked whose transaction is open, which takes seconds
 */
export async function lookBehind(
  { inspector, settings }: Pick<KafkaClients, 'inspector' | 'settings'>,
  { partitions }: GroupState,
  told: GroupView | undefined,
  askOwner: boolean,
): Promise<Behind> {
  const stable = await inspector.ask('offsets', partitions, 'stable');
  const found = partitions.map(async (one, index) => {
    const known = told?.partitions.find((other) => partitionKey(other) === partitionKey(one));
    const [end, readable] = [one.end ?? null, stable[index]?.offset ?? null];
    const facts: Pick<GroupPartition, 'topic' | 'partition' | 'end' | 'stable'> = {
      ...{ topic: one.topic, partition: one.partition },
      ...{ end, stable: readable },
    };
    const text = known?.openTransaction ?? (askOwner ? await openTransaction(facts, settings) : null);
    const four = fourLags({
      ...{ lag: groupLag(one) ?? null, end, stable: readable, openTransaction: text },
      ...{ underWay: known?.underWay ?? null, notVisible: known?.notVisible ?? null, reader: one.owner?.clientId ?? null },
    });
    return [partitionKey(one), four] as const;
  });
  return new Map(await Promise.all(found));
}

/** One that is over by the time it is asked for is no news. */
async function openTransaction(
  { topic, partition, end, stable }: Pick<GroupPartition, 'topic' | 'partition' | 'end' | 'stable'>,
  settings: KafkaClients['settings'],
): Promise<string | null> {
  if (end === null || stable === null || stable >= end) return null;
  const open = { topic, partition, offset: stable, sinceMs: Date.now() };
  const owner = await transactionOwner(open, settings);
  return owner === undefined ? null : openTransactionText(open, owner);
}

/** Prints the four of each partition, and what each of them is. */
export function showBehind({ group, partitions }: GroupState, behind: Behind): void {
  printTable(
    headers,
    partitions.flatMap((one) => {
      const found = behind.get(partitionKey(one));
      return found ? [[group, one.topic, one.partition, ...kinds.map((kind) => found.records[kind]), found.text]] : [];
    }),
  );
  for (const kind of kinds) note(`lab: ${lagKinds[kind].header}: ${lagKinds[kind].when}`);
}
