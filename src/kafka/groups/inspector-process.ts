/** The process that may crash: answers what `KafkaInspector` asks, one message each, and ends with its parent. */
import type { IAdminClient } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { listTopics, topicFacts } from '../admin/admin.ts';
import { readTopicConfigs } from '../admin/topic-configs.ts';
import { kafkaErrorCode } from '../admin/with-deadline.ts';
import { BridgeProducer } from '../bridge/bridge-producer.ts';
import type { BridgeConfig } from '../bridge/load.ts';
import { type ClientConfig, connectAdmin } from '../client/connect.ts';
import { toErrorMessage } from '../errors.ts';
import { deleteGroup, describeGroup, readCommitted } from './group-offsets.ts';
import type { Questions, Reply, Request } from './inspector.ts';
import { partitionsOf, readOffsets } from './log-offsets.ts';

/** All by the admin client, but for what it does not know. */
type ByAdmin = Exclude<keyof Questions, 'topicConfigs'>;
type Answers = { [Q in ByAdmin]: (admin: IAdminClient, ...args: Parameters<Questions[Q]>) => Promise<ReturnType<Questions[Q]>> };

const answers: Answers = {
  listTopics,
  partitionsOf,
  topicFacts,
  offsets: readOffsets,
  committed: readCommitted,
  describeGroup,
  deleteGroup,
};

/** The coordinator is loading, not there yet, or another one: soon over, although the client does not call it retriable. */
const coordinatorErrors = new Set([14, 15, 16]);

let admin: IAdminClient | undefined;
let bridge: BridgeProducer | undefined;

process.on('disconnect', () => process.exit());
process.on('message', async ({ id, config, question, args }: Request) => {
  process.send?.(await reply(id, answerTo(config, question, args)));
});

async function answerTo(config: ClientConfig, question: keyof Questions, args: unknown[]): Promise<unknown> {
  if (question === 'topicConfigs') {
    bridge ??= new BridgeProducer(config as BridgeConfig);
    return await readTopicConfigs(bridge, ...(args as Parameters<Questions['topicConfigs']>));
  }
  admin ??= connectAdmin(config).client;
  const answer = answers[question] as (admin: IAdminClient, ...args: unknown[]) => Promise<unknown>;
  return await answer(admin, ...args);
}

async function reply(id: number, answer: Promise<unknown>): Promise<Reply> {
  try {
    return { id, answer: await answer };
  } catch (error) {
    const told = toErrorMessage(error, 'kafka-error');
    return { id, error: { ...told, retriable: told.retriable || coordinatorErrors.has(kafkaErrorCode(error) ?? 0) } };
  }
}
