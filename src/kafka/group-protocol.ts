/** The two protocols by which the members of a consumer group share its partitions, as the configuration of a member. */
import type { ClientConfig } from './connect.ts';

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
export const heartbeatIntervalMs = 1500;

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
