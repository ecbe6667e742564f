/** Settings that change while services run: a compacted topic that every instance follows, so a change reaches all at once. */
import type { Message } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import Type, { type Static } from 'typebox';
import Compile from 'typebox/compile';
import { labSettingsTopic } from '../../kafka/admin/side-topics.ts';
import type { ClientConfig } from '../../kafka/client/connect.ts';
import { crashPattern, deliveries } from '../../kafka/exactly-once/delivery.ts';
import { followTopic } from '../../kafka/notes/follow-topic.ts';
import { bodyOf, readNote } from '../../kafka/notes/notes.ts';
import { sendRecords } from '../../kafka/producer/send-records.ts';
import type { PassedOver } from '../../kafka/stalls/unreadable.ts';

export const RuntimeSettings = Type.Object({
  throttleMs: Type.Integer({ minimum: 0, maximum: 60_000, description: 'pause per record, milliseconds' }),
  failRate: Type.Number({ minimum: 0, maximum: 1, description: 'share of reservations, or of notifications, that fail' }),
  rejectRate: Type.Optional(Type.Number({ minimum: 0, maximum: 1, description: 'share of notifications that fail for good' })),
  paused: Type.Boolean({ description: 'stop reading, but stay in the group' }),
  delivery: Type.Enum([...deliveries], { description: 'what a crash may cost: nothing, records twice, records lost' }),
  crash: Type.String({ pattern: crashPattern, description: 'kill -9 at a point of a batch, once, or with :N at every Nth' }),
});
export type RuntimeSettings = Static<typeof RuntimeSettings>;
/** What somebody set; what is missing keeps its start value. */
export type RuntimeOverrides = Partial<RuntimeSettings>;

const schema = Compile(Type.Partial(RuntimeSettings));

export type FollowOptions = {
  /** Whose settings. */
  service: string;
  /** Called with what is set now: once before `followRuntimeSettings` returns, then at each change. */
  onChange: (overrides: RuntimeOverrides) => void;
  /** Told of a batch that cannot be opened: what was set in it is not in force, what is known so far stays. */
  onPassedOver: (one: PassedOver) => void;
  topic?: string;
};

/**
 * Reads the settings of one service and follows them.
 * @param config librdkafka's configuration
 */
export async function followRuntimeSettings(config: ClientConfig, options: FollowOptions): Promise<AsyncDisposable> {
  const { service, onChange, onPassedOver, topic = labSettingsTopic } = options;
  let latest: RuntimeOverrides = {};
  let isFollowing = false;
  const onRecords = (records: Message[]): void => {
    for (const record of records) if (record.key?.toString() === service) latest = checked(bodyOf(record));
    if (isFollowing) onChange(latest);
  };
  const follower = await followTopic({ ...config, 'client.id': `${config['client.id']}-settings` }, { topic, onRecords, onPassedOver });
  onChange(latest);
  isFollowing = true;
  return follower;
}

/**
 * What cannot be opened is left out: the services, which follow the same topic, say so.
 * @param config librdkafka's configuration
 * @param service whose settings
 * @returns what is set now
 */
export const readRuntimeSettings = async (config: ClientConfig, service: string, topic = labSettingsTopic): Promise<RuntimeOverrides> =>
  checked(await readNote(config, topic, service));

/**
 * Adds to what is set for a service; all its instances follow within moments.
 * @param config librdkafka's configuration
 * @param service whose settings
 * @param overrides what to set; null puts everything back to the start values
 * @returns what is set now
 */
export async function publishRuntimeSettings(
  config: ClientConfig,
  service: string,
  overrides: RuntimeOverrides | null,
): Promise<RuntimeOverrides> {
  const merged = overrides === null ? {} : { ...(await readRuntimeSettings(config, service)), ...overrides };
  const value = overrides === null ? null : Buffer.from(JSON.stringify(merged));
  const [error] = await sendRecords(config, [{ topic: labSettingsTopic, partition: 0, key: Buffer.from(service), value }]);
  if (error) throw error;
  return merged;
}

/** @returns what a batch costs that cannot be opened, for `passedOverText` */
export const lostSettingsText = (service: string): string =>
  `what was set there is not in force, the settings that are known so far stay; ./lab set ${service} sets anew`;

/** A record that is no valid setting is as good as none: a foreign writer must not stop the services. */
const checked = (overrides: unknown): RuntimeOverrides => (schema.Check(overrides) ? overrides : {});
