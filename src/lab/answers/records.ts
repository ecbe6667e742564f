/** What `tail` and `dlq` print: records, and records that could not be read. */
import Type from 'typebox';
import { nullable, pair } from '../wire/schema-parts.ts';

export const TopicRecord = Type.Object({
  topic: Type.String(),
  partition: Type.Integer(),
  offset: Type.Integer(),
  time: nullable(Type.String(), 'RFC 3339, UTC; the number itself where it is no date'),
  key: nullable(Type.String(), 'base64:... for bytes that are no UTF-8'),
  headers: Type.Array(pair(Type.String(), nullable(Type.String())), {
    description: 'names and values in their order; a name can stand there more than once',
  }),
  valueIs: Type.Enum(['json', 'text', 'base64', 'none'], { description: 'none: a tombstone; base64: no UTF-8' }),
  value: Type.Unknown({ description: 'JSON as it was written, or a text' }),
});

const said = (description?: string) => Type.Optional(Type.String(description === undefined ? {} : { description }));

/** A field is left out where whoever wrote the letter does not say it. */
const Letter = Type.Object({
  id: Type.String({ description: 'partition:offset in the dead-letter topic' }),
  writer: Type.Optional(
    Type.Enum(['replayground', 'connect', 'streams', 'spring', 'share-group'], { description: 'whose headers they are' }),
  ),
  topic: said('where the record comes from'),
  partition: Type.Optional(Type.Integer()),
  offset: Type.Optional(Type.Integer()),
  reason: said(),
  message: said(),
  group: said("the consumer group, or Connect's connector, that gave up on it"),
  at: said('when'),
  deliveryCount: Type.Optional(Type.Integer({ description: 'how often a share group delivered it' })),
  redrives: Type.Integer({ description: 'how often it was sent back' }),
  before: said('which letter it was when it was sent back and died again, partition:offset'),
  cut: Type.Optional(
    Type.Object(
      { size: Type.Integer(), sha256: Type.String(), lost: Type.String() },
      { description: 'of a letter that Kafka took only in part: size and digest of the value as it was read, and what is not whole' },
    ),
  ),
  recordTime: said("the record's own time where the letter has another (ms since 1970)"),
  parkedFrom: said('of a letter that is parked: which one it was in the dead-letter topic, partition:offset'),
  letter: TopicRecord,
});

const Fate = Type.Union(
  [
    Type.Object({
      kind: Type.Literal('rejected'),
      as: Type.String({ description: 'the letter that it is now, partition:offset' }),
      reason: Type.Optional(Type.String()),
    }),
    Type.Object({ kind: Type.Enum(['in', 'unread', 'sent'], { description: 'in: read by now; unread: not yet; sent: not known' }) }),
  ],
  { description: 'what became of it when it was sent back' },
);

export const Letters = Type.Object({
  total: nullable(Type.Integer(), 'null where there are more than were looked at'),
  letters: Type.Array(Type.Object({ ...Letter.properties, sentBack: nullable(Fate, 'null where it was not sent back') }), {
    description: 'the newest so many, the oldest of them first',
  }),
});

export const OneLetter = Letter;

export const Redriven = Type.Object({
  executed: Type.Boolean({ description: 'false: this is a plan, and nothing was sent' }),
  sent: Type.Integer(),
  accepted: Type.Integer({ description: 'of those that were sent back: read by now, and in' }),
  rejected: Type.Integer({ description: 'of those that were sent back, as far as is known' }),
  unread: Type.Integer({ description: 'of those that were sent back: not read yet' }),
  parked: Type.Integer(),
  leftOut: Type.Integer(),
  failed: Type.Integer(),
  letters: Type.Array(
    Type.Object({ ...Letter.properties, to: nullable(Type.String(), 'the topic'), result: Type.String({ description: 'in words' }) }),
  ),
});
