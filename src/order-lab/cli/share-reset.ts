/** `./lab offsets plan|reset` for a share group: by Kafka's own tool, which knows fewer targets than there are for a consumer group. */

import type { Target } from '../../kafka/offsets/plan.ts';
import type { Scope } from '../../kafka/offsets/scope.ts';
import { usageError } from '../../lab/terminal/exit-codes.ts';

/**
 * @returns the arguments of `kafka-share-groups --reset-offsets`
 * @throws ReplaygroundError `usage` for what it cannot do
 */
export function shareResetArguments(scope: Scope | undefined, target: Target): string[] {
  return [...scopeArguments(scope), ...targetArguments(target)];
}

function scopeArguments(scope: Scope | undefined): string[] {
  if (scope === undefined)
    throw usageError('a share group is not reset by a file here: ./lab kafka share-groups --reset-offsets --from-file');
  if (scope === 'all') return ['--all-topics'];
  return scope.flatMap(({ topic, partitions }) => ['--topic', partitions === undefined ? topic : `${topic}:${partitions.join(',')}`]);
}

function targetArguments(target: Target): string[] {
  switch (target.kind) {
    case 'earliest':
    case 'latest':
    case 'current':
      return [`--to-${target.kind}`];
    case 'offset':
      return ['--to-offset', String(target.offset)];
    case 'time':
      return ['--to-datetime', new Date(target.atMs).toISOString()];
    default:
      throw usageError('a share group is moved --to-earliest, --to-latest, --to-current, --to-offset, --to-datetime or --by-duration');
  }
}
