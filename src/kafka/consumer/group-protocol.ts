/** The two protocols by which the members of a consumer group share its partitions, as the configuration of a member. */
import type { ClientConfig } from '../client/connect.ts';
import { ReplaygroundError } from '../errors.ts';

/**
 * `classic`: a member decides who gets what, and all stop while partitions move. `consumer`: the broker decides, and only what moves stops
 * (KIP-848, brokers from 4.0 on).
 */
export const groupProtocols = ['classic', 'consumer'] as const;
export type GroupProtocol = (typeof groupProtocols)[number];

/**
 * How soon a dead member's partitions go to others: the shortest that brokers allow by default for `classic`. For `consumer` it is a
 * configuration of the group, which librdkafka refuses to take: the lab's own broker has the same times for all groups.
 */
export const sessionTimeoutMs = 6000;
/**
 * A member learns by its heartbeats alone that the group changes. In `classic` whoever joins waits for one of every other member, so instances
 * that start together are as far only after some of them; in `consumer`, on the lab's own broker, what moves waits for two.
 */
export const heartbeatIntervalMs = 500;

/**
 * @param protocol how the member shares partitions
 * @returns librdkafka's configuration for it
 */
export function membershipConfig(protocol: GroupProtocol): ClientConfig {
  if (protocol === 'consumer') return { 'group.protocol': 'consumer' };
  return {
    'group.protocol': 'classic',
    'partition.assignment.strategy': 'range',
    'session.timeout.ms': sessionTimeoutMs,
    'heartbeat.interval.ms': heartbeatIntervalMs,
  };
}

/**
 * @param text what librdkafka says of an error that ends a member
 * @returns the error with what to do, where the broker does not speak `consumer`: it is older than 4.0, or has it turned off
 */
export function protocolUnknown(text: string): ReplaygroundError | undefined {
  if (!/API version not supported.*ConsumerGroupHeartbeat|ConsumerGroupHeartbeat.*not supported/.test(text)) return undefined;
  const message = `this Kafka does not speak the group protocol "consumer" (KIP-848: Kafka 4.0 or newer, group.version=1): set GROUP_PROTOCOL=classic (${text})`;
  return new ReplaygroundError('group-protocol', message);
}
