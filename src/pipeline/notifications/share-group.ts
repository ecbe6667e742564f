/** The share group of the workers and its topics, as they are made on the broker when a worker starts. */
import { ensureTopics } from '../../kafka/admin/admin.ts';
import { shareLetterSpec } from '../../kafka/admin/side-topics.ts';
import { bridgeError } from '../../kafka/bridge/bridge-error.ts';
import type { BridgeProducer } from '../../kafka/bridge/bridge-producer.ts';
import { type ClientConfig, connectAdmin } from '../../kafka/client/connect.ts';
import { topicSpecs } from '../events/topics.ts';
import type { Settings } from '../settings/declarations.ts';

/** The shortest that a broker allows by default, so that a worker that stands still is not waited for long (ms). */
export const lockMs = 15_000;

const groupConfigs = {
  'share.auto.offset.reset': 'earliest',
  // A decision of a transaction that is given up was never made.
  'share.isolation.level': 'read_committed',
  'share.record.lock.duration.ms': String(lockMs),
  'share.delivery.count.limit': '5',
};

/** INVALID_CONFIG, INVALID_REQUEST. */
const unknownConfig = new Set([40, 42]);

/**
 * @param producer any producer
 * @param settings names of the topics and of the group
 * @returns whether the broker writes dead letters of the group (KIP-1191: Kafka 4.4 and newer)
 * @throws ReplaygroundError `kafka-error` where the broker knows no share groups (older than 4.2)
 */
export async function prepareShareGroup(config: ClientConfig, producer: BridgeProducer, settings: Settings): Promise<boolean> {
  const { notificationsTopic, notificationGroupId } = settings;
  const notifications = { name: notificationsTopic, partitions: 3, config: {} };
  const letters = shareLetterSpec(notificationsTopic);
  await producer.setGroupConfigs(notificationGroupId, groupConfigs);
  const hasLetters = await producer
    .setGroupConfigs(notificationGroupId, {
      'errors.deadletterqueue.topic.name': letters.name,
      'errors.deadletterqueue.copy.record.enable': 'true',
    })
    .then(
      () => true,
      (error: unknown) => {
        if (unknownConfig.has(bridgeError(error)?.code ?? 0)) return false;
        throw error;
      },
    );
  using admin = connectAdmin(config);
  await ensureTopics(admin.client, [...topicSpecs(settings), notifications, ...(hasLetters ? [letters] : [])]);
  return hasLetters;
}
