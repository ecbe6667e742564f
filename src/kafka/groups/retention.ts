/** How near the oldest record that a group has not read is to being deleted by retention. Pure. */

import type { TopicConfig } from '../admin/topic-configs.ts';
import { type Partition, partitionKey } from '../partition.ts';

/** What a topic's configuration says of deletion; null where it deletes nothing by that. */
export type RetentionLimits = {
  /** `retention.ms` */
  ms: number | null;
  /** `retention.bytes`, of each partition. */
  bytes: number | null;
};

export type RetentionUse = {
  /** Of the oldest record that the group has not read, by its own timestamp (ms). */
  ageMs: number;
  retentionMs: number;
  /** `ageMs` of `retentionMs`: from 1 on the record may be gone at any moment. */
  share: number;
  /**
   * Until it may be deleted, at the earliest (ms); 0 where it may be now. Kafka deletes a whole segment, by the newest timestamp in it, and
   * looks only now and then (`log.retention.check.interval.ms`), so it may well be later.
   */
  deletableInMs: number;
  /** `retention.bytes`, which may delete it sooner: how many bytes lie behind it is not known. Null where it does not apply. */
  retentionBytes: number | null;
};

/** From these shares on it is to be said, and it is urgent. */
export const nearShare = 0.5;
const urgentShare = 0.9;

/**
 * @param configs of a topic, as the broker tells them
 * @returns what of it deletes records; a topic that is only compacted loses none by age
 */
export function retentionLimits(configs: readonly Pick<TopicConfig, 'name' | 'value'>[]): RetentionLimits {
  const configured = (name: string): string => configs.find((one) => one.name === name)?.value ?? '';
  const deletes = configured('cleanup.policy').split(',').includes('delete');
  const limit = (name: string): number | null => (deletes && /^\d+$/.test(configured(name)) ? Number(configured(name)) : null);
  return { ms: limit('retention.ms'), bytes: limit('retention.bytes') };
}

/**
 * @param limits of the topic
 * @param recordAtMs timestamp of the oldest record that the group has not read (ms since 1970)
 * @param nowMs when that is asked (ms since 1970)
 * @returns null where no record is deleted by its age
 */
export function retentionUse({ ms, bytes }: RetentionLimits, recordAtMs: number, nowMs: number): RetentionUse | null {
  if (ms === null) return null;
  const ageMs = Math.max(0, nowMs - recordAtMs);
  return {
    ageMs,
    retentionMs: ms,
    share: ms === 0 ? 1 : ageMs / ms,
    deletableInMs: Math.max(0, recordAtMs + ms - nowMs),
    retentionBytes: bytes,
  };
}

/** @returns whether it is time to say so, and whether it is urgent; null where it is far away */
export function nearness(use: RetentionUse | null): 'near' | 'urgent' | null {
  if (use === null || use.share < nearShare) return null;
  return use.share < urgentShare ? 'near' : 'urgent';
}

/** @returns the partition whose oldest unread record is nearest to its deletion; undefined where none is deleted by age */
export function nearest<P extends { retention: RetentionUse | null }>(
  partitions: readonly P[],
): (P & { retention: RetentionUse }) | undefined {
  const known = partitions.flatMap((one) => (one.retention === null ? [] : [{ ...one, retention: one.retention }]));
  return known.sort((a, b) => b.retention.share - a.retention.share)[0];
}

/** @returns one line for people */
export function retentionText(place: Partition, group: string, use: RetentionUse): string {
  const { ageMs, retentionMs, share, deletableInMs, retentionBytes } = use;
  const when = deletableInMs > 0 ? `in ${lengthOfTime(deletableInMs)} at the earliest` : 'at any moment';
  const sooner = retentionBytes === null ? '' : `; retention.bytes = ${retentionBytes} may delete it sooner`;
  return (
    `${partitionKey(place)}: the oldest record that ${group} has not read is ${lengthOfTime(ageMs)} old; ` +
    `retention.ms = ${lengthOfTime(retentionMs)}: may be deleted ${when} (${Math.floor(share * 100)}%)${sooner}`
  );
}

const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
] as const;

/** @returns `6 d 20 h`, `1 min 30 s`, `0 s`: the two greatest units, rounded down */
export function lengthOfTime(ms: number): string {
  const first = units.findIndex(([, size]) => ms >= size);
  if (first < 0) return '0 s';
  const parts = units.slice(first, first + 2).map(([unit, size], index) => {
    const bigger = index === 0 ? undefined : units[first]?.[1];
    return [Math.floor((bigger === undefined ? ms : ms % bigger) / size), unit] as const;
  });
  return parts.flatMap(([count, unit]) => (count === 0 ? [] : [`${count} ${unit}`])).join(' ');
}
