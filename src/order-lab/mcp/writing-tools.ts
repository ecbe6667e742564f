/** Tools that change something: they are there only with `--allow-changes`. */
import Type from 'typebox';
import { crashPoints, deliveries } from '../../kafka/exactly-once/delivery.ts';
import { group, redrive, redriveCall, reset, resetOptions, text } from './inputs.ts';
import { defineTool, flag, option } from './tool.ts';

const service = text('order-service, inventory-service, inventory-service.2, analytics-service, kafka, or what processes lists');
const pair = (name: string, value: unknown): string[] => (value === undefined ? [] : [`${name}=${value}`]);

export const writingTools = [
  defineTool({
    name: 'set',
    title: 'Change how a service behaves',
    description:
      'Settings that reach every instance at once, without a restart; they hold until changed. With defaults, back to the start values.',
    input: Type.Object({
      service: Type.Enum(['inventory-service', 'analytics-service']),
      throttleMs: Type.Optional(Type.Integer({ minimum: 0, maximum: 60_000, description: 'pause per record' })),
      failRate: Type.Optional(Type.Number({ minimum: 0, maximum: 1, description: 'share of reservations that fail (inventory-service)' })),
      paused: Type.Optional(Type.Boolean({ description: 'stop reading, but stay in the group' })),
      delivery: Type.Optional(Type.Enum([...deliveries], { description: 'what a crash may cost (inventory-service)' })),
      crash: Type.Optional(text(`kill -9 at a point of the next batch: ${crashPoints.join(', ')}, none (inventory-service)`)),
      defaults: Type.Optional(Type.Literal(true, { description: 'alone: take everything back' })),
    }),
    answer: 'set',
    change: { destructive: false, idempotent: true },
    call: ({ service: name, throttleMs, failRate, paused, delivery, crash, defaults }) => ({
      verb: ['set'],
      options: flag('defaults', defaults),
      operands: [
        name,
        ...pair('throttle', throttleMs === undefined ? undefined : `${throttleMs}ms`),
        ...pair('fail-rate', failRate),
        ...pair('paused', paused),
        ...pair('delivery', delivery),
        ...pair('crash', crash),
      ],
    }),
  }),
  defineTool({
    name: 'scale',
    title: 'Scale a service',
    description: 'Runs so many instances of a service, without touching the others, and waits until they are healthy.',
    input: Type.Object({ service: text('inventory-service, or another one that can have several'), count: Type.Integer({ minimum: 0 }) }),
    answer: 'scale',
    under: 'processes',
    change: { destructive: false, idempotent: true },
    call: ({ service: name, count }) => ({ verb: ['scale'], operands: [`${name}=${count}`] }),
  }),
  defineTool({
    name: 'burst',
    title: 'Send a burst of orders',
    description: 'Sends many orders straight into Kafka; records of its load, where the lab runs another system.',
    input: Type.Object({
      count: Type.Integer({ minimum: 1, maximum: 10_000_000 }),
      ratePerSec: Type.Optional(Type.Number({ exclusiveMinimum: 0, description: 'not faster than this' })),
      failRate: Type.Optional(Type.Number({ minimum: 0, maximum: 1, description: 'share of orders that arrive as failed' })),
      seed: Type.Optional(text('same seed, same users, items and prices')),
    }),
    answer: 'burst',
    change: { destructive: false, idempotent: false },
    call: ({ count, ratePerSec, failRate, seed }) => ({
      verb: ['burst'],
      options: [...option('rate', ratePerSec), ...option('fail-rate', failRate), ...option('seed', seed)],
      operands: [String(count)],
    }),
  }),
  defineTool({
    name: 'kill',
    title: 'Kill a process',
    description: 'SIGKILL, as a crash: the lab starts it again.',
    input: Type.Object({ service }),
    answer: 'kill',
    under: 'processes',
    change: { destructive: true, idempotent: false },
    call: (input) => ({ verb: ['kill'], operands: [input.service] }),
  }),
  defineTool({
    name: 'stop',
    title: 'Stop a service',
    description: 'Stops a service in order and leaves it stopped, as a reset of its offsets needs it.',
    input: Type.Object({ service }),
    answer: 'stop',
    under: 'processes',
    change: { destructive: true, idempotent: true },
    call: (input) => ({ verb: ['stop'], operands: [input.service] }),
  }),
  defineTool({
    name: 'start',
    title: 'Start a service',
    description: 'Starts what is stopped, and waits until it is healthy.',
    input: Type.Object({ service }),
    answer: 'start',
    under: 'processes',
    change: { destructive: false, idempotent: true },
    call: (input) => ({ verb: ['start'], operands: [input.service] }),
  }),
  defineTool({
    name: 'offsets_reset',
    title: 'Reset the offsets of a group',
    description:
      'Moves a consumer group that has no members (stop its service first, start it afterwards). What was there before is kept in a backup: offsets_undo goes back to it. Ask offsets_plan first.',
    input: reset,
    answer: 'offsets-reset',
    change: { destructive: true, idempotent: false },
    call: (input) => ({ verb: ['offsets', 'reset'], options: ['--execute', ...resetOptions(input)] }),
  }),
  defineTool({
    name: 'offsets_undo',
    title: 'Undo a reset',
    description: 'Puts back what the last reset of a group has changed; the group must have no members. An undo can be undone too.',
    input: Type.Object({ group }),
    answer: 'offsets-undo',
    change: { destructive: true, idempotent: false },
    call: (input) => ({ verb: ['offsets', 'undo'], options: ['--execute', ...option('group', input.group)] }),
  }),
  defineTool({
    name: 'redrive',
    title: 'Send dead letters back',
    description: 'Sends dead letters back to their topic, and says what became of them. Ask redrive_plan first.',
    input: redrive,
    answer: 'dlq-redrive',
    change: { destructive: false, idempotent: false },
    call: (input) => {
      const { options, ...call } = redriveCall(input);
      return { ...call, options: ['--execute', ...options] };
    },
  }),
];
