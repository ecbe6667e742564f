/** Topics: made once, checked, and told apart from topics of the same name made later. */
import type { IAdminClient, TopicDescription } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { ReplaygroundError } from '../errors.ts';
import { partitionKey } from '../partition.ts';
import type { TopicSpec } from './side-topics.ts';
import type { TopicFacts } from './topic-change.ts';
import { ask, kafkaErrorCode } from './with-deadline.ts';

const timeoutMs = 10_000;
const deadlineMs = 15_000;
const topicAlreadyExists = 36;

/**
 * Makes the topics that are missing, with the cluster's default replication, and waits until all have leaders.
 * @param admin an admin client
 * @param specs topics wanted
 * @param onMade told of each that this call has made, and nobody else
 * @throws ReplaygroundError `kafka-error`, or `topic-not-ready` when a topic has no leader in time
 */
export async function ensureTopics(admin: IAdminClient, specs: TopicSpec[], onMade: (name: string) => void = () => {}): Promise<void> {
  const existing = await listTopics(admin);
  for (const { name, partitions, config } of specs.filter((spec) => !existing.includes(spec.name))) {
    try {
      await ask(`create topic ${name}`, deadlineMs, (callback) =>
        admin.createTopic({ topic: name, num_partitions: partitions, replication_factor: -1, config }, timeoutMs, callback),
      );
      onMade(name);
    } catch (error) {
      if (kafkaErrorCode(error) !== topicAlreadyExists) throw error;
    }
  }
  await waitForLeaders(
    admin,
    specs.map(({ name }) => name),
  );
}

/** @returns the names of all topics of the cluster */
export const listTopics = (admin: IAdminClient): Promise<string[]> =>
  ask('list the topics', deadlineMs, (callback) => admin.listTopics({ timeout: timeoutMs }, callback));

/**
 * @param admin an admin client
 * @param names topics that exist
 * @returns their descriptions, in the order of the names
 * @throws ReplaygroundError `kafka-error` where one cannot be described
 */
export async function describeTopics(admin: IAdminClient, names: string[]): Promise<TopicDescription[]> {
  const topics = await ask<TopicDescription[]>('describe the topics', deadlineMs, (callback) =>
    admin.describeTopics(names, { timeout: timeoutMs }, callback),
  );
  return names.map((name) => {
    const topic = topics.find((one) => one.name === name);
    if (topic && !topic.error) return topic;
    const why = topic?.error?.message ?? 'it is not there';
    throw new ReplaygroundError('kafka-error', `could not describe topic ${name}: ${why}`, { retriable: true });
  });
}

/**
 * A topic id is unique over all clusters and for ever (KIP-516), so it also tells clusters apart.
 * @param admin an admin client
 * @param names topics that exist
 * @returns each topic with its id and its partitions, in the order of the names
 * @throws ReplaygroundError `kafka-error` where one cannot be described
 */
export async function topicFacts(admin: IAdminClient, names: readonly string[]): Promise<TopicFacts[]> {
  const topics = await describeTopics(admin, [...names]);
  return topics.map(({ name, topicId, partitions }) => ({ name, id: idText(topicId), partitions: partitions.length }));
}

/** As Kafka's own tools print it: 16 bytes in base64url. */
function idText({ mostSignificantBits, leastSignificantBits }: TopicDescription['topicId']): string {
  const bytes = Buffer.alloc(16);
  bytes.writeBigInt64BE(BigInt.asIntN(64, BigInt(mostSignificantBits)), 0);
  bytes.writeBigInt64BE(BigInt.asIntN(64, BigInt(leastSignificantBits)), 8);
  return bytes.toString('base64url');
}

async function waitForLeaders(admin: IAdminClient, names: string[]): Promise<void> {
  const end = Date.now() + deadlineMs;
  for (;;) {
    const topics = await describeTopics(admin, names).catch(() => []);
    if (topics.length > 0 && topics.every(({ partitions }) => partitions.length > 0 && partitions.every(({ leader }) => leader !== null)))
      return;
    if (Date.now() > end) {
      const without = topics.flatMap(({ name, partitions }) =>
        partitions.filter(({ leader }) => leader === null).map(({ partition }) => partitionKey({ topic: name, partition })),
      );
      const which = without.length > 0 ? without.join(', ') : names.join(', ');
      throw new ReplaygroundError(
        'topic-not-ready',
        `without a leader after ${deadlineMs} ms: ${which}: is a broker away that has its replica?`,
        {
          retriable: true,
        },
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
