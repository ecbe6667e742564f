/** What is done about a group that is no consumer group: by Kafka's own tool for its kind. */
import type { ListedGroup } from '../answers/groups.ts';
import { quoted } from './terminal.ts';

/** Kafka's tools for kinds of groups that are no consumer groups, and how each is told "all that it reads". */
const ownTools: Partial<Record<ListedGroup['type'], { tool: string; all: string }>> = {
  Share: { tool: 'share-groups', all: '--all-topics' },
  Streams: { tool: 'streams-groups', all: '--all-input-topics' },
};

/**
 * @param what to look at the group, or to move its offsets
 * @returns one sentence with Kafka's own command for it; undefined for a consumer group
 */
export function elsewhere({ group, type }: ListedGroup, what: 'look' | 'reset'): string | undefined {
  const own = ownTools[type];
  if (own === undefined) return undefined;
  const args =
    what === 'look' ? `--describe --group ${quoted(group)}` : `--reset-offsets --group ${quoted(group)} ${own.all} --to-earliest --dry-run`;
  return `'${group}' is a ${type.toLowerCase()} group, not a consumer group: ./lab kafka ${own.tool} ${args}`;
}
