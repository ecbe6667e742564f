/** What a `system.yaml` may say, in one schema: it checks the file, gives the types, and is what editors complete by. */
import Type, { type Static, type TSchema } from 'typebox';

/** The description is also what an error names as allowed. */
const closed = <T extends Parameters<typeof Type.Object>[0]>(properties: T, more: object = {}) =>
  Type.Object(properties, { additionalProperties: false, ...more });
const optional = <T extends TSchema>(schema: T) => Type.Optional(schema);
const text = (description: string) => Type.String({ minLength: 1, description });
const oneOrMore = (description: string) => Type.Array(Type.String({ minLength: 1 }), { minItems: 1, description });
const scalars = (description: string) =>
  Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()]), { description });
const duration = Type.String({ pattern: '^\\d+(\\.\\d+)?(ms|s|m)$', description: 'a time such as 500ms, 8s or 1m' });
const name = '^[a-z0-9][a-z0-9-]*$';
const topicName = '^[A-Za-z0-9._-]{1,249}$';

const recordId = Type.Union(
  [
    Type.Literal('key'),
    closed({ header: text('the name of a header') }),
    closed({ json: Type.String({ pattern: '^/', description: 'a JSON pointer into the value, such as /invoiceId' }) }),
  ],
  { description: 'key, { header: <name> } or { json: </pointer> }' },
);

const topic = closed(
  {
    partitions: Type.Integer({ minimum: 1, maximum: 64, description: 'a whole number from 1 to 64' }),
    config: optional(scalars('settings of the topic, by the names that Kafka has for them')),
  },
  { description: '{ partitions: <number> }' },
);

const service = closed(
  {
    setup: optional(
      Type.Array(oneOrMore('a command: its name, then its arguments'), { description: 'commands that are run once, in this folder' }),
    ),
    'setup-from': optional(oneOrMore('files of this folder: the set-up is done again when one of them has changed')),
    command: oneOrMore('a command: its name, then its arguments; it is started in this folder'),
    env: optional(
      scalars(
        'variables of each process; {topic:<name>} and {group} stand for the names that these have in Kafka, {instance}, {state} and {port} for its own number, folder and port',
      ),
    ),
    port: optional(Type.Boolean({ description: 'true: each process gets a free port in PORT' })),
    instances: optional(
      closed(
        {
          start: optional(Type.Integer({ minimum: 1, maximum: 16, description: 'a whole number from 1 to 16' })),
          most: optional(Type.Integer({ minimum: 1, maximum: 16, description: 'a whole number from 1 to 16' })),
        },
        { description: '{ start: <number>, most: <number> }' },
      ),
    ),
    group: optional(text('the name of its consumer group')),
    'share-group': optional(text('the name of its share group (KIP-932), in place of a consumer group')),
    reads: optional(oneOrMore('names of topics, at least one')),
    writes: optional(oneOrMore('names of topics, at least one')),
    ready: optional(
      closed(
        {
          log: optional(text('a regular expression for a line that the process writes')),
          http: optional(Type.String({ pattern: '^/', description: 'a path that answers by 2xx on PORT, such as /health' })),
          member: optional(Type.Literal(true, { description: 'true: it is a member of its group' })),
          after: optional(duration),
        },
        {
          minProperties: 1,
          maxProperties: 1,
          description: 'one of { log: <regular expression> }, { http: </path> }, { member: true }, { after: <time> }',
        },
      ),
    ),
    stop: optional(
      closed(
        {
          signal: optional(Type.Enum(['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGHUP'], { description: 'SIGTERM, SIGINT, SIGQUIT or SIGHUP' })),
          within: optional(duration),
        },
        { description: '{ signal: <signal>, within: <time> }' },
      ),
    ),
  },
  { description: 'a service: at least its command' },
);

const http = closed(
  {
    service: optional(text('the service whose first process is asked; by default the only one with a port')),
    method: optional(Type.Enum(['POST', 'PUT'], { description: 'POST or PUT' })),
    url: Type.String({ pattern: '^(/|https?://)', description: 'a path of that service, such as /invoices, or a whole URL' }),
    body: Type.Unknown({ description: 'what is sent as JSON, with {n} for the number' }),
  },
  { description: '{ url: </path>, body: <JSON> }' },
);

const load = closed(
  {
    topic: optional(text('the topic that gets the records')),
    key: optional(text('the key of a record, with {n} for its number, {n%100} for one of a hundred')),
    headers: optional(scalars('headers of a record, with {n} for its number')),
    value: optional(Type.Unknown({ description: 'the value of a record, with {n} for its number: JSON, or a text' })),
    file: optional(text('a file of this folder, one value a line; it is read again from the beginning when it ends')),
    command: optional(oneOrMore('a command that writes one value a line, on and on; it is started in this folder, and again when it ends')),
    http: optional(http),
    rate: optional(Type.Number({ exclusiveMinimum: 0, maximum: 20000, description: 'records a second, up to 20000; 200 by default' })),
  },
  { description: 'where the records come from: topic with key and value (or file, or command), or http' },
);

const ledger = closed(
  {
    from: text('a topic'),
    to: text('a topic'),
    id: recordId,
    'dead-letters': optional(oneOrMore('names of topics, at least one')),
    deduplicates: optional(Type.Boolean({ description: 'true: an id that comes in twice is to come out once' })),
  },
  { description: '{ from: <topic>, to: <topic>, id: key }' },
);

const asked = {
  service: optional(text('the service whose first process is asked; by default the only one with a port')),
  url: Type.String({ pattern: '^(/|https?://)', description: 'a path of that service, such as /stats, or a whole URL; it answers JSON' }),
};

const figure = closed(
  {
    label: text('a word or two, shown above the figure'),
    ...asked,
    pointer: Type.String({ pattern: '^(/|$)', description: 'a JSON pointer into the answer, such as /done; empty for all of it' }),
    unit: optional(text('shown behind the figure')),
  },
  { description: '{ label: <text>, url: </path>, pointer: </pointer> }' },
);

const digest = closed(
  {
    ...asked,
    pointer: Type.String({ pattern: '^(/|$)', description: 'a JSON pointer to what is the same over the same log, such as /digest' }),
  },
  { description: '{ url: </path>, pointer: </pointer> }' },
);

const replay = closed(asked, {
  description: '{ url: </path> }: by POST it reads all again; what its Location answers has `identical` when it is over',
});

/** What a system may say that it does. */
export const guarantees = ['exactly-once', 'at-least-once', 'at-most-once', 'none'] as const;
export type Guarantee = (typeof guarantees)[number];

export const SystemSchema = closed(
  {
    name: Type.String({ pattern: name, maxLength: 60, description: 'small letters, digits and dashes' }),
    summary: optional(text('one line')),
    claims: optional(Type.Enum([...guarantees], { description: guarantees.join(', ') })),
    topics: Type.Record(Type.String({ pattern: topicName }), topic, {
      additionalProperties: false,
      minProperties: 1,
      description: 'topics by their names: letters, digits, dots, dashes and underscores',
    }),
    services: Type.Record(Type.String({ pattern: name }), service, {
      additionalProperties: false,
      minProperties: 1,
      maxProperties: 8,
      description: 'one to eight services by their names: small letters, digits and dashes',
    }),
    ledger: Type.Array(ledger, { minItems: 1, description: 'what comes in against what goes out, at least once' }),
    load,
    figures: optional(Type.Array(figure, { maxItems: 12, description: 'figures of its own for the page' })),
    settings: optional(Type.String({ pattern: topicName, description: 'its topic of settings: one partition, compacted; see ./lab set' })),
    digest: optional(digest),
    replay: optional(replay),
  },
  { $schema: 'https://json-schema.org/draft/2020-12/schema', title: 'A system for the crash test: system.yaml' },
);

export type SystemFile = Static<typeof SystemSchema>;
export type ServiceFile = SystemFile['services'][string];
export type LedgerFile = SystemFile['ledger'][number];
export type LoadFile = SystemFile['load'];
export type FigureFile = NonNullable<SystemFile['figures']>[number];
export type RecordId = LedgerFile['id'];
