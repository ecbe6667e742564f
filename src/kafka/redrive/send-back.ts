/** Sends dead letters back to their topic, or says what it would send: one way for the command and for the page. */
import type { Message } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { ensureTopics } from '../admin/admin.ts';
import { parkingTopicSpec } from '../admin/side-topics.ts';
import { type ClientConfig, connectAdmin } from '../client/connect.ts';
import { deadLetterInfo } from '../dead-letters/read-letter-headers.ts';
import { type DeadLetters, type Kafka, readDeadLetters, redriveGroup } from '../dead-letters/read-letters.ts';
import { commitOffsets } from '../offsets/commit.ts';
import { sendRecords } from '../producer/send-records.ts';
import type { Output } from '../record/output.ts';
import { followLetters, type Sent } from './follow-sent-back.ts';
import type { RedriveCounts } from './redrive-words.ts';
import { letterName, type Redrive, redrive } from './redriven-letter.ts';
import { type Fate, fateText, noteSentBack } from './sent-back-notes.ts';

export type RedriveLine = { record: Message; to: string | undefined; result: string };

export type RedriveRequest = {
  records: readonly Message[];
  /** Where the letters end, when these are all of them: the next redrive of all begins there. */
  ends?: DeadLetters['ends'] | undefined;
  maxRedrives: number;
  execute: boolean;
  /** The group that reads a topic: what became of the letters is waited for where it is known. */
  readerOf?: (topic: string) => string | undefined;
};

/** @throws ReplaygroundError `kafka-unreachable`, `kafka-error`, `kafka-deadline`, `topic-not-ready` */
export async function redriveLetters(
  kafka: Kafka,
  { records, ends, maxRedrives, execute, readerOf = () => undefined }: RedriveRequest,
): Promise<RedriveCounts & { lines: RedriveLine[] }> {
  const now = new Date();
  const plan = await leaveOutParked(
    kafka,
    records.map((record) => ({ record, redrive: redrive(record, maxRedrives, now) })),
  );
  const outputs = plan.flatMap((one) => (one.redrive.kind === 'leave-out' ? [] : [one.redrive.output]));
  if (execute) await makeParkingTopics(kafka.config, plan);
  const placeOf = new Map<Output, { partition: number; offset: number }>();
  const follow = await followLetters(kafka, [...new Set(records.map(({ topic }) => topic))]);
  const onStored = (index: number, place: { partition: number; offset: number }) => placeOf.set(outputs[index] as Output, place);
  const errors = execute ? await sendRecords(kafka.config, outputs, onStored) : [];
  const failed = errors.filter((error) => error !== undefined).length;
  // Only when all of it is done.
  if (execute && ends && failed === 0) await commitOffsets(kafka.config, redriveGroup, ends);
  const sent = plan.flatMap(({ record, redrive: one }): Sent[] => {
    const place = one.kind === 'send-back' ? placeOf.get(one.output) : undefined;
    if (!place || one.kind !== 'send-back') return [];
    return [{ record, note: { letter: letterName(record), topic: one.output.topic, ...place, at: now.toISOString() } }];
  });
  for (const [topic, of] of Map.groupBy(sent, ({ record }) => record.topic)) {
    await noteSentBack(
      kafka.config,
      topic,
      of.map(({ note }) => note),
    );
  }
  const fates = await follow(sent, readerOf);
  const errorOf = new Map<Output, Error | undefined>(outputs.map((output, index) => [output, errors[index]]));
  const became = (kind: Fate['kind']): number => [...fates.values()].filter((fate) => fate.kind === kind).length;
  const isDone = ({ redrive: one }: Planned, kind: Redrive['kind']): boolean =>
    execute && one.kind === kind && one.kind !== 'leave-out' && errorOf.get(one.output) === undefined;
  return {
    executed: execute,
    sent: plan.filter((one) => isDone(one, 'send-back')).length,
    ...{ accepted: became('in'), rejected: became('rejected'), unread: became('unread') },
    parked: plan.filter((one) => isDone(one, 'park')).length,
    leftOut: plan.length - outputs.length,
    failed,
    lines: plan.map(({ record, redrive: one }) =>
      lineOf(record, one, execute, one.kind === 'leave-out' ? undefined : errorOf.get(one.output), fates.get(record)),
    ),
  };
}

type Planned = { record: Message; redrive: Redrive };

function lineOf(record: Message, one: Redrive, execute: boolean, error: Error | undefined, fate: Fate | undefined): RedriveLine {
  if (one.kind === 'leave-out') return { record, to: undefined, result: `left out: ${one.why}` };
  const to = one.output.topic;
  if (error) return { record, to, result: `failed: ${error.message}` };
  const done = one.kind === 'park' ? 'parked' : 'sent back';
  const became = fate === undefined || fate.kind === 'sent' ? '' : `: ${fateText(fate)}`;
  return { record, to, result: execute ? done + became : `would be ${done}` };
}

/** A letter stays in its topic when it is parked: whoever asks again must not park it twice. */
async function leaveOutParked(kafka: Kafka, plan: readonly Planned[]): Promise<Planned[]> {
  const topics = parkingTopicsOf(plan);
  if (topics.length === 0) return [...plan];
  const { records } = await readDeadLetters(kafka, topics, 'beginning');
  const parked = new Set(records.map((record) => `${record.topic} ${deadLetterInfo(record).parkedFrom}`));
  return plan.map(({ record, redrive: one }) => {
    const isParked = one.kind === 'park' && parked.has(`${one.output.topic} ${letterName(record)}`);
    return { record, redrive: isParked ? { kind: 'leave-out', why: 'it is parked already' } : one };
  });
}

async function makeParkingTopics(config: ClientConfig, plan: readonly Planned[]): Promise<void> {
  const topics = parkingTopicsOf(plan);
  if (topics.length === 0) return;
  using admin = connectAdmin(config);
  await ensureTopics(admin.client, topics.map(parkingTopicSpec));
}

const parkingTopicsOf = (plan: readonly Planned[]): string[] => [
  ...new Set(plan.flatMap(({ redrive: one }) => (one.kind === 'park' ? [one.output.topic] : []))),
];
