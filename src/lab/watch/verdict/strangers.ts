/** Members of a lab's groups that the lab did not start: of another lab on the same Kafka, by hand, or of another program. */
import type { GroupStateName } from '../../../kafka/groups/group-state.ts';

export type StrangerFacts = {
  group: string;
  state: GroupStateName;
  members: readonly { clientId: string; host: string }[];
  /** Processes of the lab that read in the group, those that wait for their next start too. */
  own: number;
  /** What gives a lab names of its own, for people; null where that is not known. */
  ownNames: string | null;
};

/**
 * @returns one sentence with what to do, or null where all members can be the lab's own. Two labs name their members alike, so they are
 *   counted: in a stable group nobody lingers who is dead
 */
export function strangersText({ group, state, members, own, ownNames }: StrangerFacts): string | null {
  const more = members.length - own;
  if (state !== 'Stable' || more <= 0) return null;
  const who = more === 1 ? 'one is not' : `${more} are not`;
  return `${group} has ${members.length} members (${clientsOf(members)}), and ${who} started by this lab: they share its records. ${separate(ownNames)}`;
}

/** @returns what a lab that is about to join a group says about the members that are there before it; null where there are none */
export function strangersBefore({ group, members, ownNames }: Pick<StrangerFacts, 'group' | 'members' | 'ownNames'>): string | null {
  if (members.length === 0) return null;
  return `${group} has members already that this lab did not start (${clientsOf(members)}): they will share its records. ${separate(ownNames)}`;
}

const clientsOf = (members: StrangerFacts['members']): string =>
  [...new Set(members.map(({ clientId, host }) => `${clientId} on ${host.replace(/^\//, '')}`))].sort().join(', ');

const separate = (ownNames: string | null): string =>
  ownNames === null ? 'A lab of its own has groups and topics of its own' : `A lab of its own has its own names: ${ownNames}`;
