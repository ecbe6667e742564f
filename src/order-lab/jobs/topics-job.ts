/** All topics of the broker: where each partition begins and ends, who leads it. */

import { describeTopics } from '../../kafka/admin/admin.ts';
import { deadLetterTopic, labSettingsTopic } from '../../kafka/admin/side-topics.ts';
import { connectAdmin } from '../../kafka/client/connect.ts';
import { byPartition } from '../../kafka/partition.ts';
import type { Settings } from '../../pipeline/settings/declarations.ts';
import type { TopicView } from '../wire/all.ts';
import type { JobContext } from './job-context.ts';

/** @throws ReplaygroundError `kafka-error`, `kafka-deadline` */
export async function describeAllTopics({ settings, inspector, config }: JobContext): Promise<TopicView[]> {
  const names = await inspector.ask('listTopics');
  using admin = connectAdmin(config);
  const described = (await Promise.all(names.map((name) => describeTopics(admin.client, [name]).catch(() => [])))).flat();
  const partitions = described.flatMap(({ name, partitions: of }) => of.map(({ partition }) => ({ topic: name, partition })));
  const [lows, ends] = await Promise.all([
    inspector.ask('offsets', partitions, 'earliest'),
    inspector.ask('offsets', partitions, 'latest'),
  ]);
  const at = (answers: typeof lows, topic: string, partition: number) =>
    answers.find((one) => one.topic === topic && one.partition === partition);
  const views = described.map(
    ({ name, partitions: of, isInternal }): TopicView => ({
      name,
      role: isInternal ? 'internal' : roleOf(name, settings),
      partitions: of
        .map(({ partition, leader, replicas, isr }) => {
          const end = at(ends, name, partition);
          const low = at(lows, name, partition)?.offset ?? null;
          const ids = { leader: leader?.id ?? null, replicas: replicas.map(({ id }) => id), isr: isr.map(({ id }) => id) };
          return { topic: name, partition, low, end: end?.offset ?? null, ...ids, error: end?.error ?? null };
        })
        .sort(byPartition)
        .map(({ topic: _, ...one }) => one),
    }),
  );
  return views.sort((a, b) => roles.indexOf(a.role) - roles.indexOf(b.role) || (a.name < b.name ? -1 : 1));
}

/** The pipeline's own first. */
const roles: readonly TopicView['role'][] = ['orders', 'inventory', 'dead-letters', 'settings', 'other', 'internal'];

function roleOf(name: string, { ordersTopic, inventoryTopic }: Settings): TopicView['role'] {
  if (name === ordersTopic) return 'orders';
  if (name === inventoryTopic) return 'inventory';
  if (name === labSettingsTopic) return 'settings';
  if (name === deadLetterTopic(ordersTopic) || name === deadLetterTopic(inventoryTopic)) return 'dead-letters';
  return name.startsWith('__') ? 'internal' : 'other';
}
