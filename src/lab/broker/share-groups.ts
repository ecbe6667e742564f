/**
 * What Kafka says of a share group (KIP-932), and moves in it, by its own tool: no client for Node has a call for it. The one place that reads what
 * the tool prints.
 */
import { ReplaygroundError } from '../../kafka/errors.ts';
import { runKafkaTool } from './tools.ts';
import type { ToolSettings } from './transaction-owner.ts';

/** `startOffset`: before it all is done with. `lag`: records that are not delivered yet (KIP-1226). Undefined until the partition is initialised. */
export type SharePartition = { topic: string; partition: number; startOffset: number | undefined; lag: number | undefined };
export type ShareMember = { consumerId: string; host: string; clientId: string; partitions: { topic: string; partition: number }[] };
export type ShareState = { coordinator: string; state: string; members: number };

export type NewOffset = { topic: string; partition: number; newOffset: number };

/**
 * Each call runs the tool, with a JVM of its own: some seconds.
 * @throws ReplaygroundError `kafka-tool-failed` with the tool's own words, and those of `runKafkaTool`
 */
export const describeShareOffsets = async (settings: ToolSettings, group: string): Promise<SharePartition[]> =>
  shareOffsets(await shareGroups(settings, ['--describe', '--group', group]), group);

/** As `describeShareOffsets`. */
export const describeShareMembers = async (settings: ToolSettings, group: string): Promise<ShareMember[]> =>
  shareMembers(await shareGroups(settings, ['--describe', '--group', group, '--members']), group);

/** As `describeShareOffsets`. */
export const describeShareState = async (settings: ToolSettings, group: string): Promise<ShareState | undefined> =>
  shareState(await shareGroups(settings, ['--describe', '--group', group, '--state']), group);

/**
 * Moves a share group without members.
 * @param args the scope and the target, as the tool takes them
 * @returns the new offsets; of a dry run those that they would be
 * @throws ReplaygroundError as `describeShareOffsets`
 */
export const resetShareOffsets = async (
  settings: ToolSettings,
  group: string,
  args: readonly string[],
  execute: boolean,
): Promise<NewOffset[]> =>
  newOffsets(await shareGroups(settings, ['--reset-offsets', '--group', group, ...args, execute ? '--execute' : '--dry-run']), group);

async function shareGroups(settings: ToolSettings, args: string[]): Promise<string> {
  const { kafkaBrokers = '', labCache } = settings;
  const address = { brokers: kafkaBrokers, security: settings, ...(labCache === undefined ? {} : { cacheDir: labCache }) };
  const { exitCode, stdout, stderr } = await runKafkaTool('share-groups', args, address);
  const error = /^Error: (.*)$/m.exec(stdout)?.[1];
  if (exitCode === 0 && error === undefined) return stdout;
  const words = error ?? `${stderr}\n${stdout}`.trim().split('\n')[0] ?? '';
  throw new ReplaygroundError('kafka-tool-failed', `Kafka's tool for share groups: ${words}`);
}

/** @returns the cells of the rows of a group, whose name may hold blanks as no other cell does */
function rowsOf(text: string, group: string): string[][] {
  return text
    .split('\n')
    .filter((line) => line.startsWith(`${group} `))
    .map((line) => line.slice(group.length).trim().split(/\s+/));
}

const number = (text: string | undefined): number | undefined => (text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined);

/** @returns the rows of `GROUP TOPIC PARTITION START-OFFSET LAG` */
export const shareOffsets = (text: string, group: string): SharePartition[] =>
  rowsOf(text, group).map(([topic = '', partition, start, lag]) => ({
    topic,
    partition: number(partition) ?? 0,
    startOffset: number(start),
    lag: number(lag),
  }));

/** @returns the rows of `GROUP CONSUMER-ID HOST CLIENT-ID #PARTITIONS ASSIGNMENT`, the last as `topic:0,1;other:2` */
export const shareMembers = (text: string, group: string): ShareMember[] =>
  rowsOf(text, group).map(([consumerId = '', host = '', clientId = '', , assignment = '-']) => ({
    ...{ consumerId, host, clientId },
    partitions: assignment.split(';').flatMap((one) => {
      const [, topic, partitions = ''] = /^(.+):([\d,]+)$/.exec(one) ?? [];
      return topic === undefined ? [] : partitions.split(',').map((partition) => ({ topic, partition: Number(partition) }));
    }),
  }));

/** @returns the row of `GROUP COORDINATOR (ID) STATE #MEMBERS` */
export function shareState(text: string, group: string): ShareState | undefined {
  const [row] = rowsOf(text, group);
  if (!row) return undefined;
  const [address = '', id = '', state = '', members] = row;
  return { coordinator: `${address} ${id}`, state, members: number(members) ?? 0 };
}

/** @returns the rows of `GROUP TOPIC PARTITION NEW-OFFSET` */
export const newOffsets = (text: string, group: string): NewOffset[] =>
  rowsOf(text, group).map(([topic = '', partition, offset]) => ({
    topic,
    partition: number(partition) ?? 0,
    newOffset: number(offset) ?? 0,
  }));
