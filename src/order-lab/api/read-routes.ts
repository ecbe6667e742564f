/** Looking inside: topics, records, the way of an order, groups, dead letters. Nothing here changes anything. */
import Type from 'typebox';
import { deadLetterTopic } from '../../kafka/admin/side-topics.ts';
import { type GroupState, readGroup } from '../../kafka/groups/group-state.ts';
import { groupLag } from '../../kafka/groups/lag.ts';
import { numberOf, whereFrom } from '../../lab/api/query.ts';
import { refusable } from '../../lab/api/refuse.ts';
import {
  configsCommand,
  deadLettersCommand,
  groupCommand,
  ledgerCommand,
  recordsCommand,
  topicsCommand,
} from '../../lab/commands/read-commands.ts';
import { readingGroups } from '../../lab/supervisor/reading-groups.ts';
import { processOf } from '../../lab/watch/group-view.ts';
import type { HttpApp } from '../../pipeline/service/http-app.ts';
import { requirePipeline } from '../client/require-pipeline.ts';
import { journeyCommand } from '../commands/journey.ts';
import { booksText } from '../ledger/equation.ts';
import { findingStory } from '../ledger/finding-story.ts';
import { equationOf } from '../ledger/ledger-equation.ts';
import { witnessOf } from '../watch/witness.ts';
import type {
  DeadLetters,
  GroupDetail,
  GroupView,
  Journey,
  LedgerCheck,
  RecordsPage,
  Terminal,
  TopicConfigs,
  Topics,
} from '../wire/all.ts';
import type { Dashboard } from './dashboard.ts';

const text = () => Type.Optional(Type.String());
const RecordsQuery = Type.Object({
  from: text(),
  partition: text(),
  limit: text(),
  key: text(),
  text: text(),
  uncommitted: Type.Optional(Type.Enum(['true', 'false'])),
});
const mostRecords = 500;
const highestPartition = 1_000_000;

export function addReadRoutes(app: HttpApp, { worker, inspector, system, pipeline, snapshot, terminal }: Dashboard): void {
  app.get('/api/topics', { schema: { summary: 'All topics of the broker' } }, async (): Promise<Topics> => {
    return { topics: await refusable(() => worker.run('describeAllTopics', undefined)), command: topicsCommand(terminal()) };
  });

  app.get('/api/topics/configs', { schema: { summary: 'How all topics are configured' } }, async (): Promise<TopicConfigs> => {
    const answers = await refusable(async () => inspector().ask('topicConfigs', await inspector().ask('listTopics')));
    const told = answers.filter(({ error }) => error === undefined);
    return { topics: Object.fromEntries(told.map(({ topic, configs }) => [topic, configs])), command: configsCommand(terminal()) };
  });

  const records = { summary: 'Records of a topic', params: Type.Object({ topic: Type.String() }), querystring: RecordsQuery };
  app.get('/api/topics/:topic/records', { schema: records }, async (request): Promise<RecordsPage> => {
    const { topic } = request.params;
    const { from = 'newest', partition, limit, key, text: wanted, uncommitted } = request.query;
    const args = {
      topic,
      from: whereFrom(from),
      partition: partition ? numberOf('partition', partition, 0, 0, highestPartition) : undefined,
      limit: numberOf('limit', limit, 50, 1, mostRecords),
      key: key || undefined,
      text: wanted || undefined,
      uncommitted: uncommitted === 'true',
    };
    const page = await refusable(() => worker.run('findRecords', args));
    return { ...page, command: recordsCommand(terminal(), { ...args, from: from || 'newest' }) };
  });

  const longer = Type.Optional(Type.Enum(['true', 'false']));
  const order = {
    summary: 'Every record of an order, over all topics',
    params: Type.Object({ orderId: Type.String() }),
    querystring: Type.Object({ longer }),
  };
  app.get('/api/orders/:orderId', { schema: order }, async (request): Promise<Journey> => {
    await refusable(async () => requirePipeline(system, 'the way of an order'));
    const { orderId } = request.params;
    const args = { orderId, longer: request.query.longer === 'true' };
    const journey = await refusable(() => worker.run('findJourney', args));
    return { ...journey, command: journeyCommand(terminal(), [pipeline.ordersTopic, pipeline.inventoryTopic], orderId) };
  });

  app.get(
    '/api/ledger',
    { schema: { summary: 'Each order against each decision, from the log alone' } },
    async (): Promise<LedgerCheck> => {
      await refusable(async () => requirePipeline(system, 'the ledger'));
      const { ledger, told, seen } = await refusable(() => worker.run('checkLedger', undefined));
      const witness = witnessOf(await snapshot(), pipeline.inventoryGroup);
      return {
        text: booksText(equationOf(ledger)),
        balanced: ledger.balanced,
        found: Object.values(ledger.found).reduce((sum, count) => sum + count, 0),
        stories: told.map((finding) => findingStory(finding, seen, witness)),
        tookMs: ledger.tookMs,
        command: ledgerCommand(terminal()),
      };
    },
  );

  const letters = { summary: 'Dead letters, the newest first', querystring: Type.Object({ topic: text(), limit: text() }) };
  app.get('/api/dead-letters', { schema: letters }, async (request): Promise<DeadLetters> => {
    const topic = request.query.topic || undefined;
    const limit = numberOf('limit', request.query.limit, 100, 1, mostRecords);
    const { deadLetterTopics } = system;
    const topics = topic === undefined ? deadLetterTopics : [deadLetterTopics.includes(topic) ? topic : deadLetterTopic(topic)];
    return {
      ...(await refusable(() => worker.run('listDeadLetters', { topics, limit }))),
      command: deadLettersCommand(terminal(), topic, topics[0]),
    };
  });

  const groups = { summary: 'The consumer groups as the page shows them: lag, who reads, when the lag is gone' };
  app.get('/api/groups', { schema: groups }, async (): Promise<GroupView[]> => (await snapshot()).live.groups);

  const group = { summary: 'A consumer group as the broker knows it now', params: Type.Object({ group: Type.String() }) };
  app.get('/api/groups/:group', { schema: group }, async (request): Promise<GroupDetail> => {
    const { group: name } = request.params;
    const { topics = [] } = readingGroups(system).find((one) => one.group === name) ?? {};
    const [found, { lab }] = await Promise.all([refusable(() => readGroup(inspector(), name, topics)), snapshot()]);
    return groupDetail(
      found,
      lab.processes.map((one) => one.name),
      terminal(),
    );
  });
}

function groupDetail(
  { group, state, type, assignor, coordinator, members, partitions }: GroupState,
  processNames: string[],
  terminal: Terminal,
): GroupDetail {
  const process = (clientId: string): string | null => processOf(clientId, processNames);
  return {
    group,
    state,
    type,
    assignor: assignor || null,
    coordinator: coordinator ?? null,
    members: members.map((member) => ({ ...member, process: process(member.clientId) })),
    partitions: partitions.map(({ topic, partition, committed, start, end, owner, error }) => ({
      topic,
      partition,
      committed: committed ?? null,
      end: end ?? null,
      lag: groupLag({ committed, start, end }) ?? null,
      owner: owner ? { consumerId: owner.consumerId, host: owner.host, clientId: owner.clientId, process: process(owner.clientId) } : null,
      error: error ?? null,
    })),
    command: groupCommand(terminal, group),
  };
}
