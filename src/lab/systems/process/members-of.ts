/** How many members a group of a system has: a consumer group by the client, a share group by Kafka's own tool, which takes seconds. */
import type { KafkaInspector } from '../../../kafka/groups/inspector.ts';
import { describeShareMembers } from '../../broker/share-groups.ts';
import type { ToolSettings } from '../../broker/transaction-owner.ts';
import type { MembersOf } from './readiness.ts';

/**
 * @param inspector asked about consumer groups
 * @param settings where Kafka is, for the tool
 */
export function membersBy(inspector: () => KafkaInspector, settings: () => ToolSettings): MembersOf {
  const asked = new Map<string, Promise<number>>();
  return async ({ group, isShare }) => {
    if (!isShare) return (await inspector().ask('describeGroup', group)).members.length;
    // All processes of a service wait for the same group: one run of the tool at a time.
    const asking =
      asked.get(group) ??
      describeShareMembers(settings(), group)
        .then((members) => members.length)
        .finally(() => asked.delete(group));
    asked.set(group, asking);
    return await asking;
  };
}
