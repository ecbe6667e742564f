/** Dead letters for the page: what they are, and back to their topic. */
import type { Message } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { ReplaygroundError } from '../../errors.ts';
import { deadLetterTopic } from '../../events/topics.ts';
import { deadLetterInfo } from '../../kafka/dead-letter-info.ts';
import { readDeadLetters } from '../../kafka/dead-letter-topics.ts';
import { redrive } from '../../kafka/redrive.ts';
import { redriveLetters } from '../../kafka/redrive-letters.ts';
import { recordJson } from '../../kafka/show-record.ts';
import type { DeadLetters, DeadLetterView, Redriven, RedriveRequest } from '../api-types.ts';
import type { JobContext } from './job.ts';

/** As `./lab dlq redrive` has it. */
const defaultMaxRedrives = 3;

const idOf = ({ partition, offset }: Message): string => `${partition}:${offset}`;
/** `order-events` and `order-events.dlq` both mean the dead letters of `order-events`. */
const lettersOf = (topic: string): string => (topic.endsWith(deadLetterTopic('')) ? topic : deadLetterTopic(topic));

/** @param args `topic` undefined: both topics of the pipeline */
export async function listDeadLetters(
  { settings, inspector, config }: JobContext,
  args: { topic: string | undefined; limit: number },
): Promise<Omit<DeadLetters, 'command'>> {
  const { ordersTopic, inventoryTopic } = settings;
  const topics = (args.topic === undefined ? [ordersTopic, inventoryTopic] : [args.topic]).map(lettersOf);
  const { records } = await readDeadLetters({ inspector, config }, topics, 'beginning');
  const newestFirst = records.sort((a, b) => (deadLetterInfo(b).at ?? '').localeCompare(deadLetterInfo(a).at ?? '') || b.offset - a.offset);
  return { total: records.length, letters: newestFirst.slice(0, args.limit).map(letterView) };
}

function letterView(record: Message): DeadLetterView {
  const { topic, partition, offset, reason, message, group, at, redrives } = deadLetterInfo(record);
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
    record: recordJson(record),
    redriveRefused: wayBack.kind === 'leave-out' ? wayBack.why : null,
  };
}

/** @throws ReplaygroundError `usage` where a letter is not there */
export async function redriveDeadLetters(
  { inspector, config }: JobContext,
  { topic, letters, all, maxRedrives = defaultMaxRedrives, plan }: RedriveRequest,
): Promise<Omit<Redriven, 'command'>> {
  if ((letters === undefined || letters.length === 0) === (all === undefined)) {
    throw new ReplaygroundError('usage', 'which ones? Either all, or letters by their id');
  }
  const found = await readDeadLetters({ inspector, config }, [lettersOf(topic)], all ? 'redriven' : 'beginning');
  const records = all ? found.records : (letters ?? []).map((id) => letterWithId(found.records, id, lettersOf(topic)));
  const ends = all ? found.ends : undefined;
  const { lines, ...summary } = await redriveLetters({ inspector, config }, { records, ends, maxRedrives, execute: plan !== true });
  return { ...summary, letters: lines.map(({ record, to, result }) => ({ id: idOf(record), to: to ?? null, result })) };
}

function letterWithId(records: readonly Message[], id: string, topic: string): Message {
  const record = records.find((one) => idOf(one) === id);
  if (!record) throw new ReplaygroundError('usage', `there is no dead letter ${id} in ${topic}`);
  return record;
}
