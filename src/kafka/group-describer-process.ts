/** The process that may crash: answers what `GroupDescriber` asks, one message each, and ends with its parent. */
import type { GroupDescriptions, IAdminClient } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { ask } from './ask.ts';
import { connectAdmin } from './connect.ts';
import type { DescribeAnswer, DescribeRequest } from './group-describer.ts';

const marginMs = 1000;

let admin: IAdminClient | undefined;

process.on('disconnect', () => process.exit());
process.on('message', async ({ id, config, groups, timeoutMs }: DescribeRequest) => {
  admin ??= connectAdmin(config).client;
  const answer = await describe(admin, groups, timeoutMs).catch((error: Error) => ({ error: error.message }));
  process.send?.({ id, ...answer } satisfies DescribeAnswer);
});

async function describe(client: IAdminClient, groups: string[], timeoutMs: number): Promise<Omit<DescribeAnswer, 'id'>> {
  const { groups: descriptions } = await ask<GroupDescriptions>('describe the groups', timeoutMs + marginMs, (callback) =>
    client.describeGroups(groups, { timeout: timeoutMs }, callback),
  );
  const bad = descriptions.find(({ error }) => error !== undefined);
  return bad ? { error: bad.error?.message ?? 'unknown' } : { groups: descriptions };
}
