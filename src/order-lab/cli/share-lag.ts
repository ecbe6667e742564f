/** A share group for `./lab lag`: what is left of its topics, its members or its state, in the columns of Kafka's own tool. */
import type { ShareGroupLag } from '../../lab/answers/groups.ts';
import { describeShareMembers, describeShareOffsets, describeShareState, type ShareMember } from '../../lab/broker/share-groups.ts';
import type { ToolSettings } from '../../lab/broker/transaction-owner.ts';
import { note, printTable } from '../../lab/terminal/output.ts';

const lagHeaders = ['GROUP', 'TOPIC', 'PARTITION', 'START-OFFSET', 'LAG'];
const memberHeaders = ['GROUP', 'CONSUMER-ID', 'HOST', 'CLIENT-ID', '#PARTITIONS', 'ASSIGNMENT', 'TYPE'];
const stateHeaders = ['GROUP', 'COORDINATOR (ID)', 'STATE', '#MEMBERS', 'TYPE'];

/** What was read, to be shown or handed on. */
export type ShareLook = { show: () => void; json: ShareGroupLag };

/**
 * @param what what is asked for; `json` takes all of it. Each part is a run of Kafka's tool
 * @throws ReplaygroundError `kafka-tool-failed`
 */
export async function lookAtShareGroup(
  settings: ToolSettings,
  group: string,
  what: { members?: boolean | undefined; state?: boolean | undefined; json?: boolean | undefined },
): Promise<ShareLook> {
  const isPlain = !what.members && !what.state;
  const [partitions, members, state] = await Promise.all([
    what.json || isPlain ? describeShareOffsets(settings, group) : [],
    what.json || (what.members && !what.state) ? describeShareMembers(settings, group) : [],
    what.json || what.state ? describeShareState(settings, group) : undefined,
  ]);
  const known = partitions.flatMap(({ lag }) => (lag === undefined ? [] : [lag]));
  const show = (): void => {
    if (what.state) printTable(stateHeaders, state ? [[group, state.coordinator, state.state, state.members, 'Share']] : []);
    else if (what.members) showMembers(group, members);
    else
      printTable(
        lagHeaders,
        partitions.map((one) => [group, one.topic, one.partition, one.startOffset, one.lag]),
      );
  };
  return {
    show,
    json: {
      group,
      state: state?.state ?? 'Unknown',
      type: 'Share',
      coordinator: state?.coordinator ?? null,
      totalLag: known.length === 0 ? null : known.reduce((sum, lag) => sum + lag, 0),
      members,
      partitions: partitions.map(({ startOffset = null, lag = null, ...one }) => ({ ...one, startOffset, lag })),
    },
  };
}

function showMembers(group: string, members: readonly ShareMember[]): void {
  if (members.length === 0) note(`Share group '${group}' has no active members.`);
  const rows = members.map((one) => [group, one.consumerId, one.host, one.clientId, one.partitions.length, assignment(one), 'Share']);
  printTable(memberHeaders, rows);
}

/** As Kafka's tool writes it; nothing where the member has no partition. */
const assignment = ({ partitions }: ShareMember): string | undefined =>
  partitions.length === 0
    ? undefined
    : [...Map.groupBy(partitions, ({ topic }) => topic)]
        .map(([topic, its]) => `${topic}:${its.map(({ partition }) => partition).join(',')}`)
        .join(';');
