/** The contract of the pipeline as an AsyncAPI 3 document: topics, events, and who sends and reads what. Pure. */
import { deadLetterTopic, type TopicSpec } from '../../kafka/admin/side-topics.ts';
import { topicSpecs } from '../events/topics.ts';
import type { TopicGroupNames } from '../settings/declarations.ts';
import { bindingVersion, type MessageName, messages } from './messages.ts';

type ChannelName = 'orders' | 'decisions' | 'orderDeadLetters' | 'decisionDeadLetters';

/**
 * @param names how topics and groups are called
 * @param version of the services
 * @returns the document (AsyncAPI 3.0, Kafka bindings 0.5.0)
 */
export function asyncApi(names: TopicGroupNames, version: string) {
  const { ordersTopic, inventoryTopic, inventoryGroupId, analyticsGroupId } = names;
  const specs = new Map(topicSpecs(names).map((spec) => [spec.name, spec]));
  const channelOf = (topic: string, message: MessageName, description: string) => channel(specs.get(topic), message, description);
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Replayground',
      version,
      description: 'The order pipeline: three services that meet in Kafka alone. Generated from the schemas that they read by.',
      license: { name: 'Apache-2.0' },
    },
    defaultContentType: 'application/json',
    channels: {
      orders: channelOf(ordersTopic, 'OrderPlaced', 'Orders as they come in.'),
      decisions: channelOf(inventoryTopic, 'InventoryEvent', 'What became of each order, in the partition that the order is in.'),
      orderDeadLetters: channelOf(deadLetterTopic(ordersTopic), 'DeadLetter', 'Orders that could not be read.'),
      decisionDeadLetters: channelOf(deadLetterTopic(inventoryTopic), 'DeadLetter', 'Decisions that could not be read.'),
    } satisfies Record<ChannelName, unknown>,
    operations: {
      orderServiceSendsOrders: sends('orders', 'OrderPlaced', 'order-service: acks=all, answered when the broker has it'),
      inventoryServiceReadsOrders: reads('orders', 'OrderPlaced', inventoryGroupId, 'inventory-service: committed records only'),
      inventoryServiceSendsDecisions: sends('decisions', 'InventoryEvent', 'inventory-service: in one transaction with its offsets'),
      inventoryServiceSendsDeadLetters: sends('orderDeadLetters', 'DeadLetter', 'inventory-service: in the same transaction'),
      analyticsServiceReadsOrders: reads('orders', 'OrderPlaced', analyticsGroupId, 'analytics-service: committed records only'),
      analyticsServiceReadsDecisions: reads('decisions', 'InventoryEvent', analyticsGroupId, 'analytics-service: committed records only'),
      analyticsServiceSendsDeadLetters: sends('decisionDeadLetters', 'DeadLetter', 'analytics-service: each once'),
    },
    components: { messages },
  };
}

function channel(spec: TopicSpec | undefined, message: MessageName, description: string) {
  const { name = '', partitions, config = {} } = spec ?? {};
  const topicConfiguration = configuration(config);
  return {
    address: name,
    description: `${description} Replicas: as many as the cluster's default.replication.factor says.`,
    messages: { [message]: { $ref: `#/components/messages/${message}` } },
    bindings: { kafka: { topic: name, partitions, ...(topicConfiguration && { topicConfiguration }), bindingVersion } },
  };
}

/** Those of a topic's settings that are a promise to who writes and reads; undefined where the topic is made with the cluster's own. */
function configuration(config: Readonly<Record<string, string>>) {
  const policy = config['cleanup.policy'];
  const most = config['max.message.bytes'];
  if (policy === undefined && most === undefined) return undefined;
  return {
    ...(policy !== undefined && { 'cleanup.policy': policy.split(',') }),
    ...(most !== undefined && { 'max.message.bytes': Number(most) }),
  };
}

const sends = (channelName: ChannelName, message: MessageName, summary: string) => operation('send', channelName, message, summary);

const reads = (channelName: ChannelName, message: MessageName, group: string, summary: string) => ({
  ...operation('receive', channelName, message, summary),
  bindings: { kafka: { groupId: { type: 'string', const: group }, bindingVersion } },
});

const operation = (action: 'send' | 'receive', channelName: ChannelName, message: MessageName, summary: string) => ({
  action,
  summary,
  channel: { $ref: `#/channels/${channelName}` },
  messages: [{ $ref: `#/channels/${channelName}/messages/${message}` }],
});
