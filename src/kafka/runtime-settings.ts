/** Settings that change while services run: a compacted topic that every instance follows, so a change reaches all at once. */
import type { Message } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import Type, { type Static } from 'typebox';
import Compile from 'typebox/compile';
import { labSettingsTopic } from '../events/topics.ts';
import { ask } from './ask.ts';
import { type ClientConfig, connectProducer } from './connect.ts';
import { crashPattern, deliveries } from './delivery.ts';
import { connectReader, readToEnd } from './read-to-end.ts';

export const RuntimeSettings = Type.Object({
  throttleMs: Type.Integer({ minimum: 0, maximum: 60_000, description: 'pause per record, milliseconds' }),
  failRate: Type.Number({ minimum: 0, maximum: 1, description: 'share of reservations that fail' }),
  paused: Type.Boolean({ description: 'stop reading, but stay in the group' }),
  delivery: Type.Enum([...deliveries], { description: 'what a crash may cost: nothing, records twice, records lost' }),
  crash: Type.String({ pattern: crashPattern, description: 'kill -9 at a point of a batch, once, or with :N at every Nth' }),
});
export type RuntimeSettings = Static<typeof RuntimeSettings>;
/** What somebody set; what is missing keeps its start value. */
export type RuntimeOverrides = Partial<RuntimeSettings>;

const schema = Compile(Type.Partial(RuntimeSettings));
const start = [{ topic: labSettingsTopic, partition: 0, offset: 0 }];
const deadlineMs = 15_000;

/**
 * Reads the settings of one service and follows them.
 * @param config librdkafka's configuration
 * @param service whose settings
 * @param onChange called with what is set now: once before this returns, then at each change
 */
export async function followRuntimeSettings(
  config: ClientConfig,
  service: string,
  onChange: (overrides: RuntimeOverrides) => void,
): Promise<AsyncDisposable> {
  const reader = await connectReader({ ...config, 'client.id': `${config['client.id']}-settings` });
  let latest: RuntimeOverrides = {};
  const apply = (record: Message) => {
    if (record.key?.toString() === service) latest = parseOverrides(record.value);
  };
  const ends = await readToEnd(reader.client, start, (records) => records.forEach(apply));
  onChange(latest);
  reader.client.on('data', (record) => {
    apply(record);
    onChange(latest);
  });
  reader.client.assign([{ topic: labSettingsTopic, partition: 0, offset: ends.values().next().value ?? 0 }]);
  reader.client.consume();
  return reader;
}

/**
 * @param config librdkafka's configuration
 * @param service whose settings
 * @returns what is set now
 */
export async function readRuntimeSettings(config: ClientConfig, service: string): Promise<RuntimeOverrides> {
  await using reader = await connectReader(config);
  let latest: RuntimeOverrides = {};
  await readToEnd(reader.client, start, (records) => {
    for (const record of records) if (record.key?.toString() === service) latest = parseOverrides(record.value);
  });
  return latest;
}

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
  await using producer = await connectProducer({ ...config, acks: 'all', 'enable.idempotence': true, dr_cb: true });
  const value = overrides === null ? null : Buffer.from(JSON.stringify(merged));
  await ask('publish the settings', deadlineMs, (callback) => {
    producer.client.once('delivery-report', (error) => callback(error));
    producer.client.setPollInterval(10);
    producer.client.produce(labSettingsTopic, 0, value, service);
  });
  return merged;
}

/** A record that is no valid setting is as good as none: a foreign writer must not stop the services. */
function parseOverrides(value: Buffer | null): RuntimeOverrides {
  try {
    const overrides: unknown = JSON.parse(value?.toString() ?? '{}');
    return schema.Check(overrides) ? overrides : {};
  } catch {
    return {};
  }
}
