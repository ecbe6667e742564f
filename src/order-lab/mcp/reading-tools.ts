/** Tools that only look: an assistant may call them without asking. */
import Type from 'typebox';
import { group, nothing, redrive, redriveCall, reset, resetOptions, text } from './inputs.ts';
import { defineTool, flag, option } from './tool.ts';

const some = (what: string, most: number, usual: number) =>
  Type.Optional(Type.Integer({ minimum: 1, maximum: most, description: `${what}; ${usual} by default` }));

export const readingTools = [
  defineTool({
    name: 'explain',
    title: 'What is going on, and why',
    description:
      'The first thing to ask. What the lab sees now and what it comes from, in sentences; each consumer group with its lag, its trend, the time until it is drained and a verdict; and what happened in the last 15 minutes (scaled, killed, throttled, rebalanced, ...).',
    input: nothing,
    answer: 'explain',
    call: () => ({ verb: ['explain'] }),
  }),
  defineTool({
    name: 'processes',
    title: 'Processes of the lab',
    description: 'The lab, its addresses, and its processes with state, restarts and memory, as ./lab ps.',
    input: nothing,
    answer: 'ps',
    call: () => ({ verb: ['ps'] }),
  }),
  defineTool({
    name: 'lag',
    title: 'Lag of consumer groups',
    description: 'How far consumer groups are, partition by partition, with members, owners, and how near unread records are to deletion.',
    input: Type.Object({
      groups: Type.Optional(Type.Array(group, { minItems: 1, description: 'without them, those of the system that runs' })),
    }),
    answer: 'lag',
    under: 'groups',
    call: ({ groups = [] }) => ({ verb: ['lag'], operands: groups }),
  }),
  defineTool({
    name: 'groups',
    title: 'All consumer groups',
    description: 'All groups of this Kafka with their type: classic, consumer, share, streams. Takes some seconds.',
    input: nothing,
    answer: 'lag-groups',
    under: 'groups',
    call: () => ({ verb: ['lag'], options: ['--groups'] }),
  }),
  defineTool({
    name: 'ledger',
    title: 'Ledger: nothing lost, nothing twice',
    description:
      'Every order that went in against every decision that came out, read from the log alone. Where it does not balance, the findings say which record. Reads the whole log.',
    input: nothing,
    answer: ['ledger', 'ledger-system'],
    under: 'ledger',
    call: () => ({ verb: ['ledger'] }),
  }),
  defineTool({
    name: 'metrics',
    title: 'What analytics has counted',
    description: 'Orders, reservations, failures, duplicates, dead letters, orders per minute, and the digest that two replays must share.',
    input: Type.Object({ wait: Type.Optional(Type.Boolean({ description: 'first wait until both services have read everything' })) }),
    answer: 'metrics',
    call: ({ wait }) => ({ verb: ['metrics'], options: flag('wait', wait) }),
  }),
  defineTool({
    name: 'offsets_plan',
    title: 'What an offset reset would do',
    description: 'Where a reset would take a consumer group, and how many records it would read again or skip. Changes nothing.',
    input: reset,
    answer: 'offsets-plan',
    call: (input) => ({ verb: ['offsets', 'plan'], options: resetOptions(input) }),
  }),
  defineTool({
    name: 'offsets_backups',
    title: 'Backups of offsets',
    description: 'What resets of a group have kept, so that they can be undone; the newest first.',
    input: Type.Object({ group }),
    answer: 'offsets-backups',
    under: 'backups',
    call: (input) => ({ verb: ['offsets', 'undo'], options: ['--list', ...option('group', input.group)] }),
  }),
  defineTool({
    name: 'records',
    title: 'Records of a topic',
    description:
      'Records with offset, time, key, headers and value: the last ones, or from a place on. Only committed ones, unless asked otherwise.',
    input: Type.Object({
      topic: text('order-events, inventory-events, order-events.dlq, ...'),
      count: some('how many', 200, 10),
      partition: Type.Optional(Type.Integer({ minimum: 0 })),
      from: Type.Optional(text('earliest, an offset, or a time (RFC 3339): from there on; without it, the last ones')),
      key: Type.Optional(text('only records with this key: an order id')),
      uncommitted: Type.Optional(Type.Boolean({ description: 'also of transactions that are open or aborted' })),
    }),
    answer: 'tail',
    under: 'records',
    call: ({ topic, count = 10, partition, from, key, uncommitted }) => ({
      verb: ['tail'],
      options: [
        ...option('count', count),
        ...option('partition', partition),
        ...option('from', from),
        ...flag('exit-at-end', from !== undefined),
        ...option('key', key),
        ...flag('uncommitted', uncommitted),
      ],
      operands: [topic],
    }),
  }),
  defineTool({
    name: 'dead_letters',
    title: 'Dead letters',
    description: 'Records that could not be read: why, where they come from, how often they were sent back and what became of them.',
    input: Type.Object({
      topic: Type.Optional(text('order-events, inventory-events, or any dead-letter topic; without it, all of the system')),
      count: some('the newest so many', 200, 20),
      parked: Type.Optional(Type.Boolean({ description: 'those that were sent back too often' })),
    }),
    answer: 'dlq-list',
    call: ({ topic, count = 20, parked }) => ({
      verb: ['dlq', 'list'],
      options: [...option('count', count), ...flag('parked', parked)],
      operands: topic === undefined ? [] : [topic],
    }),
  }),
  defineTool({
    name: 'redrive_plan',
    title: 'What a redrive would send back',
    description: 'Which dead letters would be sent back to their topic, parked or left out. Changes nothing.',
    input: redrive,
    answer: 'dlq-redrive',
    call: redriveCall,
  }),
  defineTool({
    name: 'logs',
    title: 'Logs',
    description: 'The last lines that the processes of the lab wrote, merged by time; also when the lab is down.',
    input: Type.Object({
      services: Type.Optional(Type.Array(text('lab, kafka, order-service, inventory-service.1, ...'), { minItems: 1 })),
      lines: some('lines of each process', 500, 50),
    }),
    answer: 'logs',
    under: 'lines',
    call: ({ services = [], lines = 50 }) => ({ verb: ['logs'], options: option('tail', lines), operands: services }),
  }),
  defineTool({
    name: 'scenarios',
    title: 'Exercises',
    description: 'The exercises that ./lab run can do, with what each shows and its options.',
    input: nothing,
    answer: 'scenarios',
    under: 'scenarios',
    call: () => ({ verb: ['scenarios'] }),
  }),
  defineTool({
    name: 'results',
    title: 'Runs of exercises and crash tests',
    description: 'The runs of this machine, the newest first, with their verdict and how many checks held.',
    input: nothing,
    answer: 'results',
    under: 'runs',
    call: () => ({ verb: ['results'] }),
  }),
  defineTool({
    name: 'doctor',
    title: 'What is missing on this machine',
    description: 'Whether a lab can run here: Node, Kafka client, Java, disk, ports; what is missing and what to do about it.',
    input: nothing,
    answer: 'doctor',
    under: 'findings',
    call: () => ({ verb: ['doctor'] }),
  }),
];
