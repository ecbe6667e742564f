/** Commits offsets for a group from outside, as `kafka-consumer-groups --reset-offsets` does, without joining it. */

import { errorOfCode, kafkaErrorCode } from '../admin/with-deadline.ts';
import { reachConsumer } from '../bridge/reach.ts';
import type { ClientConfig } from '../client/connect.ts';
import { ReplaygroundError } from '../errors.ts';
import type { PartitionOffset } from '../partition.ts';

/** A commit from outside is refused while the group has members: the broker itself guards against one that joined meanwhile. */
const memberErrors = new Set([22, 25, 27]);

/**
 * The commits carry no metadata: by that a service tells a reset from a commit of its own.
 * @param config librdka's configuration, see `clientConfig`
 * @param group a group without members, existing or not
 * @param offsets what to commit
 * @throws ReplaygroundError `group-active` where somebody is in the group, `kafka-error`, `kafka-deadline`
 */
export async function commitOffsets(config: ClientConfig, group: string, offsets: readonly PartitionOffset[]): Promise<void> {
  if (offsets.length === 0) return;
  // Never subscribed, so never a member.
  await using consumer = await reachConsumer({ ...config, 'group.id': group, 'enable.auto.commit': false });
  const refused = (error: unknown): unknown =>
    memberErrors.has(kafkaErrorCode(error) ?? 0) ? groupActive(group, 'a member joined it just now') : error;
  const answers = await consumer.commit(offsets).catch((error: unknown) => {
    throw refused(error);
  });
  for (const { topic, partition, code, text } of answers) {
    if (code !== undefined) throw refused(errorOfCode(`commit the offset of ${topic}/${partition}`, { code, text }));
  }
}

/** The field's own words, and what to do. */
export function groupActive(group: string, why: string, whatToDo = 'stop its consumers first'): ReplaygroundError {
  return new ReplaygroundError(
    'group-active',
    `Assignments can only be reset if the group '${group}' is inactive, but ${why}: ${whatToDo}`,
    {
      retriable: true,
    },
  );
}
