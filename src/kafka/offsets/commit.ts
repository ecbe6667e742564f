/** Commits offsets for a group from outside, as `kafka-consumer-groups --reset-offsets` does, without joining it. */
import type { KafkaConsumer, LibrdKafkaError } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { ReplaygroundError } from '../../errors.ts';
import { ask, kafkaError } from '../ask.ts';
import { type ClientConfig, connectConsumer } from '../connect.ts';
import type { PartitionOffset } from './plan.ts';

const deadlineMs = 10_000;
const pollMs = 50;
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
  // Never subscribed, so never a member; the offset callback is the only one that tells about a refused commit (`commitCb` does not).
  await using connected = await connectConsumer({ ...config, 'group.id': group, 'enable.auto.commit': false, offset_commit_cb: true });
  const { client } = connected;
  let answer: { error: LibrdKafkaError | undefined } | undefined;
  client.on('offset.commit', (error) => {
    answer ??= { error: error ?? undefined };
  });
  client.commit(offsets.map(({ topic, partition, offset }) => ({ topic, partition, offset })));
  const end = Date.now() + deadlineMs;
  while (!answer) {
    if (Date.now() > end) {
      throw new ReplaygroundError('kafka-deadline', `no answer within ${deadlineMs} ms: commit the offsets of ${group}`, {
        retriable: true,
      });
    }
    await serveCallbacks(client);
  }
  if (!answer.error) return;
  if (memberErrors.has(answer.error.code)) throw groupActive(group, 'a member joined it just now');
  throw kafkaError(`commit the offsets of ${group}`, answer.error);
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

/** Callbacks of a consumer arrive only while somebody asks it for records; it has no partitions, so there are none. */
async function serveCallbacks(client: KafkaConsumer): Promise<void> {
  client.setDefaultConsumeTimeout(pollMs);
  await ask('wait for the commit', deadlineMs, (callback) => client.consume(1, callback));
}
