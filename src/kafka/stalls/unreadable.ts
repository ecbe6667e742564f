/** A batch in the log that no reader can open: which errors mean that, and what is said of it. Pure. */

import { isCompacted } from '../admin/side-topics.ts';
import type { Partition } from '../partition.ts';

/** librdkafka's _BAD_MSG (a checksum or a format), _BAD_COMPRESSION, _NOT_IMPLEMENTED (a codec that it was built without). */
const codes = new Set([-199, -198, -170]);

/** @returns whether the client means by this that it cannot open what it fetched: asking again does not help */
export const isUnreadable = (code: number | undefined): boolean => code !== undefined && codes.has(code);

/** `offset` is the next one that should have been read. */
export type Unreadable = Partition & { offset: number; cause: string };

/** @returns what a service cannot read, why, and the way past it; one line */
export const unreadableText = (one: Unreadable): string =>
  `${what(one)}. The other partitions go on; this one is tried again every ${retryMs / 1000} s. ${wayPast(one)}`;

/** @returns the same for a reader that ends there */
export const endedAtUnreadableText = (one: Unreadable): string => `${what(one)}. ${wayPast(one)}`;

const what = ({ topic, partition, offset, cause }: Unreadable): string =>
  `${topic}/${partition} cannot be read at offset ${offset}: ${cause}`;

/** Passed over: from `offset` up to `to`, the first one that can be read again. */
export type PassedOver = Unreadable & { to: number };

/** @returns the same for a reader that goes on behind it; `meaning` is what that costs and how to get it back */
export const passedOverText = (one: PassedOver, meaning: string): string =>
  `${what(one)}. Passed over up to offset ${one.to}: ${meaning}. ${wayPast(one)}`;

function wayPast({ topic, partition }: Unreadable): string {
  const remove =
    'The way past it is to delete this partition up to the end of the batch (its lastOffset, by ./lab kafka dump-log --files on the segment): ' +
    `echo '{"version":1,"partitions":[{"topic":"${topic}","partition":${partition},"offset":<lastOffset + 1>}]}' | ./lab kafka delete-records --offset-json-file /dev/stdin`;
  if (!isCompacted(topic)) return remove;
  const policy = (value: string): string =>
    `./lab kafka configs --alter --entity-type topics --entity-name ${topic} --add-config cleanup.policy=${value}`;
  return `${remove}, which Kafka does only between ${policy('[compact,delete]')} and ${policy('compact')}`;
}

/** A disk may be mended, a replica may be better, the batch may be deleted (ms). */
export const retryMs = 15_000;
