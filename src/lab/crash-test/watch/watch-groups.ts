/** Looks at the groups of a system once a second while it is under test; a look that Kafka does not answer is left out. */
import { setTimeout as delay } from 'node:timers/promises';
import type { ClientConfig } from '../../../kafka/client/connect.ts';
import { groupMember } from '../../../kafka/groups/group-state.ts';
import { KafkaInspector } from '../../../kafka/groups/inspector.ts';
import { isSamePartition } from '../../../kafka/partition.ts';
import type { GroupSample, Sample } from './group-history.ts';

export type WatchOptions = {
  config: ClientConfig;
  /** Groups with the topics that they read. */
  groups: readonly { group: string; topics: readonly string[] }[];
  /** Topics that are written to. */
  outputs: readonly string[];
  alive: () => ReadonlySet<string>;
};

export type GroupWatch = AsyncDisposable & {
  readonly samples: readonly Sample[];
  /** @returns a look of now; undefined where Kafka does not answer */
  look(): Promise<Sample | undefined>;
  /** @returns who asks Kafka, for others that look too @throws Error while it is paused */
  inspector(): KafkaInspector;
  /** Looks at nothing until it is disposed: a client that waits for its only broker takes a whole processor (librdkafka's admin calls). */
  pause(): Disposable;
};

const everyMs = 700;

export function watchGroups({ config, groups, outputs, alive }: WatchOptions): GroupWatch {
  let inspector = new KafkaInspector(config);
  let paused = false;
  const samples: Sample[] = [];
  const stop = new AbortController();

  const lookAtGroup = async (group: string, topics: readonly string[]): Promise<GroupSample> => {
    const [committed, description] = await Promise.all([
      inspector.ask('committed', group, false),
      inspector.ask('describeGroup', group).catch(() => undefined),
    ]);
    const ends = await inspector.ask('offsets', await inspector.ask('partitionsOf', topics), 'latest');
    const members = (description?.members ?? []).map(groupMember);
    return {
      group,
      members: members.length,
      partitions: ends.map((end) => ({
        topic: end.topic,
        partition: end.partition,
        committed: committed.find((one) => isSamePartition(one, end))?.offset ?? 0,
        end: end.offset ?? 0,
        owner: members.find(({ partitions }) => partitions.some((one) => isSamePartition(one, end)))?.consumerId,
      })),
    };
  };

  const look = async (): Promise<Sample | undefined> => {
    if (paused) return undefined;
    try {
      const partitions = await inspector.ask('partitionsOf', outputs);
      // The end first: what is committed between the two questions then looks closed, never open.
      const latest = await inspector.ask('offsets', partitions, 'latest');
      const stable = await inspector.ask('offsets', partitions, 'stable');
      return {
        groups: await Promise.all(groups.map(({ group, topics }) => lookAtGroup(group, topics))),
        transactionOpen: stable.some(({ offset = 0 }, index) => offset < (latest[index]?.offset ?? 0)),
        written: latest.reduce((sum, { offset = 0 }) => sum + offset, 0),
        alive: alive(),
        atMs: Date.now(),
      };
    } catch {
      return undefined;
    }
  };

  const run = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      const sample = await look();
      if (sample) samples.push(sample);
      await delay(everyMs, undefined, { signal: stop.signal }).catch(() => {});
    }
  };
  const running = run();
  return {
    samples,
    look,
    inspector() {
      if (paused) throw new Error('its only broker is away');
      return inspector;
    },
    pause() {
      paused = true;
      inspector[Symbol.dispose]();
      return {
        [Symbol.dispose]() {
          inspector = new KafkaInspector(config);
          paused = false;
        },
      };
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      inspector[Symbol.dispose]();
      await running;
    },
  };
}
