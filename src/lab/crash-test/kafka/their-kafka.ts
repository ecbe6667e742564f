/** Somebody else's Kafka for a crash test: names of its own that go away afterwards, and no hand on the brokers. */
import { randomBytes } from 'node:crypto';
import type { IAdminClient } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { ensureTopics, listTopics } from '../../../kafka/admin/admin.ts';
import { ask } from '../../../kafka/admin/with-deadline.ts';
import { clientConfig } from '../../../kafka/client/client-config.ts';
import { connectAdmin } from '../../../kafka/client/connect.ts';
import { ReplaygroundError } from '../../../kafka/errors.ts';
import { stateName } from '../../../kafka/groups/group-state.ts';
import { KafkaInspector } from '../../../kafka/groups/inspector.ts';
import type { Settings } from '../../../pipeline/settings/declarations.ts';
import { listGroups } from '../../broker/group-types.ts';
import { requireReachable } from '../../broker/reachable.ts';
import { topicsOf } from '../../systems/file/describe-system.ts';
import { placeSystem } from '../../systems/file/place-system.ts';
import type { System } from '../../systems/file/read-system.ts';
import { securityOf } from '../../systems/process/security-variables.ts';
import type { TestKafka } from './own-kafka.ts';
import { groupsOf, isOfStreams, queuesOf } from './system-facts.ts';

export type TheirKafkaOptions = {
  /** With `kafkaBrokers`, and how to be let in. */
  settings: Settings;
  system: System;
  say: (line: string) => void;
};

/** In front of all that is made there. */
export const theirPrefix = 'crash-test-';
const callMs = 10_000;
const deadlineMs = 15_000;

/**
 * @throws ReplaygroundError `kafka-unreachable`; `names-taken` where a topic or a group of the system that keeps its name is there already;
 *   those of `ensureTopics`
 */
export async function useTheirKafka({ settings, system, say }: TheirKafkaOptions): Promise<TestKafka> {
  const { kafkaBrokers: brokers = '' } = settings;
  await requireReachable(brokers);
  const prefix = `${theirPrefix}${randomBytes(4).toString('hex')}-`;
  const { system: placed, fixed } = placeSystem(system, prefix);
  const config = clientConfig(settings, 'crash-test');
  const before = await requireFree(config, placed, fixed, settings);
  const made = new Set<string>();
  const keep = [...fixed.topics, ...fixed.groups];
  say(`${brokers} is not the lab's own: no broker is struck; what is made there begins with ${prefix} and is removed afterwards`);
  if (keep.length > 0) say(`${keep.join(', ')} ${keep.length === 1 ? 'keeps its name' : 'keep their names'}: no process is told another`);
  const remove = async (): Promise<void> => say(await removeAll({ config, system: placed, prefix, before, made }));
  try {
    using admin = connectAdmin(config);
    await ensureTopics(admin.client, topicsOf(placed), (name) => made.add(name));
    // Somebody may have made one meanwhile.
    const others = topicsOf(placed).filter(({ name }) => !made.has(name));
    if (others.length > 0)
      throw namesTaken(
        config,
        system.name,
        others.map(({ name }) => `topic ${name}`),
      );
  } catch (error) {
    await remove().catch(() => {});
    throw error;
  }
  return {
    brokers,
    config,
    settings,
    system: placed,
    env: securityOf(settings),
    ids: [],
    homes: [],
    kill: noBroker,
    start: noBroker,
    [Symbol.asyncDispose]: remove,
  };
}

const noBroker = (): Promise<void> => Promise.reject(new ReplaygroundError('not-running', "this Kafka is not the lab's own"));

/**
 * A name that is there already belongs to somebody: neither their records nor their offsets may be touched.
 * @returns all topics that are there
 */
async function requireFree(
  config: Record<string, unknown>,
  system: System,
  { topics, groups }: { topics: string[]; groups: string[] },
  settings: Settings,
): Promise<string[]> {
  using admin = connectAdmin(config);
  const there = await listTopics(admin.client);
  const taken = topics.filter((topic) => there.includes(topic)).map((topic) => `topic ${topic}`);
  using inspector = new KafkaInspector(config);
  for (const group of groups) if (await isThere(inspector, group)) taken.push(`group ${group}`);
  const queues = queuesOf(system).filter(({ group }) => groups.includes(group));
  const listed = queues.length === 0 ? [] : await listGroups(settings);
  taken.push(...queues.filter((one) => listed.some(({ group }) => group === one.group)).map(({ group }) => `group ${group}`));
  if (taken.length === 0) return there;
  throw namesTaken(config, system.name, taken);
}

const namesTaken = (config: Record<string, unknown>, system: string, taken: readonly string[]): ReplaygroundError =>
  new ReplaygroundError(
    'names-taken',
    `${config['bootstrap.servers']} has ${taken.join(', ')} already: ${system} can only be run where its own names are free, unless its processes take them from {topic:<name>} and {group} in env or command`,
  );

async function isThere(inspector: KafkaInspector, group: string): Promise<boolean> {
  const description = await inspector.ask('describeGroup', group).catch(() => undefined);
  return stateName(description) !== 'Dead' && stateName(description) !== 'Unknown';
}

type Made = {
  config: Record<string, unknown>;
  system: System;
  prefix: string;
  /** Topics that were there before the run: somebody else's, whatever they are called. */
  before: readonly string[];
  /** Topics of the system that the run has made. */
  made: ReadonlySet<string>;
};

/** @returns what was done, for people */
async function removeAll({ config, system, prefix, before, made }: Made): Promise<string> {
  const groups = groupsOf(system).map(({ group }) => group);
  const queues = queuesOf(system).map(({ group }) => group);
  const isMade = (topic: string): boolean =>
    made.has(topic) || (!before.includes(topic) && (topic.startsWith(prefix) || groups.some((group) => isOfStreams(topic, group))));
  const left: string[] = [];
  using admin = connectAdmin(config);
  const topics = (await listTopics(admin.client)).filter(isMade);
  for (const topic of topics) await deleteTopic(admin.client, topic).catch(() => left.push(topic));
  using inspector = new KafkaInspector(config);
  for (const group of groups) if (await isThere(inspector, group)) await inspector.ask('deleteGroup', group).catch(() => left.push(group));
  // The client knows no share groups, but deletes one by its name; one that is not there is none that is left.
  for (const group of queues) await inspector.ask('deleteGroup', group).catch(() => {});
  const where = String(config['bootstrap.servers']);
  const count = groups.length + queues.length;
  return left.length > 0
    ? `could not be removed from ${where}: ${left.join(', ')}`
    : `removed from ${where}: ${topics.length} topics, ${count} ${count === 1 ? 'group' : 'groups'}`;
}

const deleteTopic = (admin: IAdminClient, topic: string): Promise<void> =>
  ask(`delete topic ${topic}`, deadlineMs, (callback) => admin.deleteTopic(topic, callMs, callback));
