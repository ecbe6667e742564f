/** Dead letters for the page: what they are, and back to their topic. */
import type { Message } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { deadLetterTopic } from '../../kafka/admin/side-topics.ts';
import { deadLetterInfo } from '../../kafka/dead-letters/read-letter-headers.ts';
import { type Kafka, lettersAt, readDeadLetters } from '../../kafka/dead-letters/read-letters.ts';
import { ReplaygroundError } from '../../kafka/errors.ts';
import { type ListedLetter, listLetters } from '../../kafka/redrive/list-letters.ts';
import { redrive } from '../../kafka/redrive/redriven-letter.ts';
import { redriveLetters } from '../../kafka/redrive/send-back.ts';
import { fateText } from '../../kafka/redrive/sent-back-notes.ts';
import { readerOf } from '../../pipeline/events/topics.ts';
import type { DeadLetters, DeadLetterView, Redriven, RedriveRequest } from '../wire/all.ts';
import type { JobContext } from './job-context.ts';
import { shortRecord } from './record-view.ts';

/** As `./lab dlq redrive` has it. */
const defaultMaxRedrives = 3;

const idOf = ({ partition, offset }: Message): string => `${partition}:${offset}`;
/** `order-events` and `order-events.dlq` both mean the dead letters of `order-events`. */
const lettersOf = (topic: string): string => (topic.endsWith(deadLetterTopic('')) ? topic : deadLetterTopic(topic));

/** @param args dead-letter topics */
export async function listDeadLetters(
  { settings, inspector, config }: JobContext,
  args: { topics: string[]; limit: number },
): Promise<Omit<DeadLetters, 'command'>> {
  const { letters, total } = await listLetters({ inspector, config }, args.topics, args.limit, (topic) => readerOf(settings, topic));
  return { total, letters: letters.reverse().map(letterView) };
}

function letterView({ record, fate }: ListedLetter): DeadLetterView {
  const { topic, partition, offset, reason, message, group, at, redrives, before } = deadLetterInfo(record);
  const wayBack = redrive(record, defaultMaxRedrives, new Date());
  return {
    id: idOf(record),
    topic: record.topic,
    at: at ?? null,
    reason: reason ?? null,
    message: message ?? null,
    group: group ?? null,
    from: topic === undefined ? null : { topic, partition: partition ?? null, offset: offset ?? null },
    redrives,
    before: before ?? null,
    sentBack: fate === undefined ? null : fateText(fate),
    record: shortRecord(record),
    redriveRefused: wayBack.kind === 'leave-out' ? wayBack.why : null,
  };
}

/** @throws ReplaygroundError `usage` where a letter is not there */
export async function redriveDeadLetters(
  { inspector, config, settings }: JobContext,
  { topic, letters, all, maxRedrives = defaultMaxRedrives, plan }: RedriveRequest,
): Promise<Omit<Redriven, 'command'>> {
  if ((letters === undefined || letters.length === 0) === (all === undefined)) {
    throw new ReplaygroundError('usage', 'which ones? Either all, or letters by their id');
  }
  const kafka = { inspector, config };
  const found = all ? await readDeadLetters(kafka, [lettersOf(topic)], 'redriven') : undefined;
  const records = found?.records ?? (await lettersWithIds(kafka, letters ?? [], lettersOf(topic)));
  const { lines, ...summary } = await redriveLetters(kafka, {
    records,
    ends: found?.ends,
    maxRedrives,
    execute: plan !== true,
    readerOf: (source) => readerOf(settings, source),
  });
  return { ...summary, letters: lines.map(({ record, to, result }) => ({ id: idOf(record), to: to ?? null, result })) };
}

async function lettersWithIds(kafka: Kafka, ids: readonly string[], topic: string): Promise<Message[]> {
  const found = await lettersAt(
    kafka,
    topic,
    ids.filter((id) => /^\d+:\d+$/.test(id)),
  );
  return ids.map((id) => {
    const record = found.get(id);
    if (!record) throw new ReplaygroundError('usage', `there is no dead letter ${id} in ${topic}`);
    return record;
  });
}
