/** How far a consumer group is, as the broker knows it: the same measure for every program that keeps a view. */
import type { IAdminClient } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { readCommitted } from '../src/kafka/groups/group-offsets.ts';
import { type Position, type Sample, watch } from './progress.ts';

/**
 * @param group that commits after its state is stored
 * @param expected how many records it has to read
 * @returns its committed offsets over time, until it stands still at the end
 */
export const watchGroup = (admin: IAdminClient, group: string, expected: number): Promise<Sample[]> =>
  watch(group, () => committedOf(admin, group), expected);

/** @returns what the group has committed; nothing before it exists */
export const committedOf = (admin: IAdminClient, group: string): Promise<Position[]> => readCommitted(admin, group, false).catch(() => []);
