/** Parameters that several tools take. */
import Type, { type Static } from 'typebox';
import { option } from './tool.ts';

export const text = (description: string) => Type.String({ minLength: 1, maxLength: 1000, description });

export const nothing = Type.Object({});

export const group = text('a consumer group, such as inventory-service-group');

/** Where a reset takes a group, and in which partitions. */
export const reset = Type.Object({
  group,
  topics: Type.Optional(
    Type.Array(text('order-events, or some of its partitions: order-events:0,1'), {
      minItems: 1,
      description: 'without them, every partition that the group has committed',
    }),
  ),
  to: Type.Optional(Type.Enum(['earliest', 'latest', 'current'], { description: 'give either this or one of the others' })),
  toOffset: Type.Optional(Type.Integer({ minimum: 0 })),
  shiftBy: Type.Optional(Type.Integer({ description: 'records forwards, or backwards with a number below 0' })),
  toDatetime: Type.Optional(text('to the first record at or after this time, RFC 3339')),
  byDuration: Type.Optional(text('to the first record of the last so long, ISO 8601: PT10M')),
});

/** @returns the options of `./lab offsets` */
export const resetOptions = ({ group: name, topics, to, toOffset, shiftBy, toDatetime, byDuration }: Static<typeof reset>): string[] => [
  ...option('group', name),
  ...(topics?.flatMap((topic) => option('topic', topic)) ?? ['--all-topics']),
  ...(to === undefined ? [] : [`--to-${to}`]),
  ...option('to-offset', toOffset),
  ...option('shift-by', shiftBy),
  ...option('to-datetime', toDatetime),
  ...option('by-duration', byDuration),
];

/** Which dead letters are to be sent back. */
export const redrive = Type.Object({
  topic: text('order-events, inventory-events, or a dead-letter topic'),
  letters: Type.Optional(
    Type.Array(Type.String({ pattern: '^\\d+:\\d+$' }), {
      minItems: 1,
      description: 'partition:offset of each, as dead_letters shows it; without them, all that came since the last time',
    }),
  ),
  maxRedrives: Type.Optional(Type.Integer({ minimum: 1, description: 'park what was sent back so many times already; 3 by default' })),
});

/** @returns options and operands of `./lab dlq redrive` */
export const redriveCall = ({ topic, letters, maxRedrives }: Static<typeof redrive>) => ({
  verb: ['dlq', 'redrive'],
  options: [...option('max-redrives', maxRedrives), ...(letters === undefined ? ['--all'] : [])],
  operands: [topic, ...(letters ?? [])],
});
