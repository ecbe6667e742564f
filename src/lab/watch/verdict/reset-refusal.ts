/** Why Kafka would refuse to reset the offsets of a group now, in its own words, and what to do. */
import { groupActive } from '../../../kafka/offsets/commit.ts';
import { isInactive } from '../../../kafka/offsets/reset.ts';
import type { GroupStateName } from '../../wire/all.ts';

/** @returns null where they can be reset */
export function resetRefusal(group: string, state: GroupStateName, service?: string): string | null {
  if (isInactive(state)) return null;
  if (state === 'Unknown') return `the coordinator of '${group}' does not answer`;
  const whatToDo = service ? `./lab stop ${service}, and ./lab start ${service} afterwards` : undefined;
  return groupActive(group, `the current state is ${state}`, whatToDo).message;
}
