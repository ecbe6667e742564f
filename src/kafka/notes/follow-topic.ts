/** Follows a topic of one partition: what is in it, then whatever comes, also past batches that cannot be opened. */
import type { Message } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import type { ClientConfig } from '../client/connect.ts';
import { partitionKey } from '../partition.ts';
import { readableFrom } from '../reading/pass-over.ts';
import { connectReader, followingReads, readToEnd } from '../reading/read-to-end.ts';
import { isUnreadable, type PassedOver } from '../stalls/unreadable.ts';
import { readingNotes } from './notes.ts';

/**
 * One record is waited for, and what came with it is taken without a wait: the client tells of an end only when the broker has held its next request back
 * for as long as it may, see `followingReads`, and nobody should learn that late what is there.
 */
const waiting = { maxRecords: 1, maxBytes: 1024 * 1024, withinMs: 1000, untilEnd: true };
const atOnce = { maxRecords: 100, maxBytes: 1024 * 1024, withinMs: 0 };

export type FollowTopicOptions = {
  topic: string;
  /** Called with records in their order: those that are there before `followTopic` returns, later ones as they come. */
  onRecords: (records: Message[]) => void;
  /** Told of a batch that cannot be opened: what it says is not known. */
  onPassedOver: (one: PassedOver) => void;
};

/**
 * @param config librdkafka's configuration; its `client.id` names the reader
 * @returns when all records of this moment are read; it goes on until it is disposed of
 * @throws ReplaygroundError `kafka-unreachable`, `kafka-error`, `read-stalled`
 */
export async function followTopic(config: ClientConfig, { topic, onRecords, onPassedOver }: FollowTopicOptions): Promise<AsyncDisposable> {
  const reader = await connectReader({ ...config, ...readingNotes, ...followingReads });
  const at = { topic, partition: 0, offset: 0 };
  const ends = await readToEnd(reader, [at], onRecords, { onPassedOver });
  at.offset = ends.get(partitionKey(at)) ?? 0;
  await reader.assign([at]);
  let isOver = false;
  const follow = async (): Promise<void> => {
    let isMore = false;
    while (!isOver) {
      const records = await reader.consume(isMore ? atOnce : waiting);
      isMore = records.count > 0;
      const fresh = records.copies().filter(({ offset }) => offset >= at.offset);
      const broken = records.errors.find(({ code }) => isUnreadable(code));
      records.release();
      at.offset = (fresh.at(-1)?.offset ?? at.offset - 1) + 1;
      if (fresh.length > 0) onRecords(fresh);
      if (broken) await passOver(broken.text);
    }
  };
  const passOver = async (cause: string): Promise<void> => {
    try {
      const to = await readableFrom(reader, at, (await reader.watermarks(at)).high);
      onPassedOver({ ...at, cause, to });
      at.offset = to;
    } catch {
      // Kafka went away meanwhile: it is met again when that is back.
    }
    await reader.assign([at]);
  };
  const following = follow();
  return {
    [Symbol.asyncDispose]: async () => {
      isOver = true;
      reader.wake();
      await following;
      await reader.close();
    },
  };
}
