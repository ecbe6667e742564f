/** Looks at the groups of a system: who is in them, how old their next records are, what retention leaves of them, when their lag is gone. */
import type { GroupDescription } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { groupMember, stateName } from '../../kafka/groups/group-state.ts';
import type { KafkaInspector } from '../../kafka/groups/inspector.ts';
import { type RetentionLimits, retentionLimits } from '../../kafka/groups/retention.ts';
import { type Partition, partitionKey } from '../../kafka/partition.ts';
import type { GroupView, Layout, ProcessView, Sample } from '../wire/all.ts';
import { type LookedAt, Outlooks } from './forecast/outlooks.ts';
import type { WhenGone } from './forecast/when-gone.ts';
import { groupView, type NextRecord, processOf } from './group-view.ts';
import type { OwnLooks } from './own-looks.ts';
import { keepLooking, Source } from './samples/freshness.ts';
import { type KafkaLook, lookAtGroups, type Reader } from './samples/measurement.ts';
import type { SampleStore } from './samples/sample-store.ts';
import type { Marks } from './samples/timeline-marks.ts';
import { type GroupMovement, groupMovement, movementWindowSec } from './verdict/group-movement.ts';
import type { WaitingPartition } from './verdict/waiting-transactions.ts';

export type GroupReader = Reader & { service: string };
export type NextRecordTimes = (positions: (Partition & { offset: number })[]) => Promise<(Partition & { atMs: number })[]>;

export type GroupLookOptions = {
  readers: readonly GroupReader[];
  inspector: () => KafkaInspector;
  nextRecordTimes: NextRecordTimes;
  samples: SampleStore;
  marks: Marks;
  /** What others have seen last. */
  layout: () => Layout;
  kafka: () => KafkaLook | undefined;
  /** Whether Kafka does not answer now. */
  isAway: () => boolean;
  processes: () => readonly ProcessView[];
  waiting: () => readonly WaitingPartition[];
  own: OwnLooks | undefined;
};

const groupsEveryMs = 1000;
const agesEveryMs = 2000;
const limitsEveryMs = 10_000;

export class GroupLook {
  /** How new the descriptions are. */
  readonly source = new Source();
  readonly #options: GroupLookOptions;
  readonly #outlooks = new Outlooks((group) => this.#outlookFacts(group));
  #descriptions = new Map<string, GroupDescription>();
  #nextRecords = new Map<string, Map<string, NextRecord>>();
  #limits = new Map<string, RetentionLimits>();

  constructor(options: GroupLookOptions) {
    this.#options = options;
  }

  /** Begins to look; ends with the signal. */
  start(signal: AbortSignal): void {
    void keepLooking(this.source, groupsEveryMs, () => this.#lookAtGroups(), signal);
    void keepLooking(new Source(), agesEveryMs, () => this.#lookAtAges(), signal);
    void keepLooking(new Source(), limitsEveryMs, () => this.#lookAtLimits(), signal);
  }

  /** @returns all groups as they are now, in the order of the readers */
  views(nowMs: number): GroupView[] {
    return this.#options.readers.map((reader) => this.#view(reader, nowMs));
  }

  /** @returns the group of a service as it is now; undefined where it has none */
  viewOf(service: string): GroupView | undefined {
    const reader = this.#options.readers.find((one) => one.service === service);
    return reader && this.#view(reader, Date.now());
  }

  /** A sample came: what was foretold of a group is held against it. */
  heldAgainst(group: string, sample: Sample, totalLag: number | null): void {
    this.#outlooks.heldAgainst(group, sample, totalLag);
  }

  /** @returns records behind, of all partitions; null where that is not known */
  totalLag(group: string): number | null {
    return this.#movement(group).totalLag;
  }

  /** @returns when its lag is gone */
  gone(group: string): WhenGone {
    return this.#outlooks.gone(group);
  }

  isEmpty(group: string): boolean {
    return stateName(this.#descriptions.get(group)) === 'Empty';
  }

  async #lookAtGroups(): Promise<void> {
    const { kafka, inspector, readers } = this.#options;
    const look = kafka();
    // A broker without groups makes the client's answer crash: wait until there is one.
    if (look === undefined || [...look.committed.values()].every(({ size }) => size === 0)) return;
    this.#descriptions = await lookAtGroups(
      inspector(),
      readers.map(({ group }) => group),
    );
  }

  async #lookAtAges(): Promise<void> {
    const { samples, readers, layout, kafka, nextRecordTimes } = this.#options;
    const sample = samples.latest;
    for (const { group } of readers) {
      const behind = layout().commits.flatMap(({ group: of, topic, partition }, index) => {
        const offset = sample?.committed[index] ?? kafka()?.beginnings.get(partitionKey({ topic, partition }));
        return of === group && typeof offset === 'number' && (sample?.lag[index] ?? 0) > 0 ? [{ topic, partition, offset }] : [];
      });
      const times = behind.length === 0 ? [] : await nextRecordTimes(behind);
      const askedAt = new Map(behind.map((one) => [partitionKey(one), one.offset]));
      const lookedMs = Date.now();
      const found = times.map(
        (one) => [partitionKey(one), { offset: askedAt.get(partitionKey(one)) ?? 0, atMs: one.atMs, lookedMs }] as const,
      );
      this.#nextRecords.set(group, new Map(found));
    }
  }

  async #lookAtLimits(): Promise<void> {
    const { readers, inspector } = this.#options;
    const topics = [...new Set(readers.flatMap((reader) => reader.topics))];
    const answers = await inspector().ask('topicConfigs', topics);
    const told = answers.filter(({ error }) => error === undefined);
    this.#limits = new Map(told.map(({ topic, configs }) => [topic, retentionLimits(configs)]));
  }

  #movement(group: string): GroupMovement {
    const { layout, samples } = this.#options;
    return groupMovement(group, layout(), samples.last(movementWindowSec));
  }

  #outlookFacts(group: string): LookedAt {
    const { readers, processes, layout, samples, marks, waiting, isAway } = this.#options;
    const description = this.#descriptions.get(group);
    const names = processes().map(({ name }) => name);
    const service = readers.find((reader) => reader.group === group)?.service ?? group;
    return {
      group,
      service,
      layout: layout(),
      samples: samples.last(movementWindowSec),
      state: stateName(description),
      members: (description?.members ?? [])
        .map(groupMember)
        .map(({ clientId, partitions }) => ({ name: processOf(clientId, names) ?? clientId, partitions })),
      marks: marks.all(),
      paused: this.#isPaused(service),
      waiting: waiting(),
      isAway: isAway(),
    };
  }

  #isPaused(service: string): boolean {
    return this.#options.own?.settings[service]?.inForce?.paused ?? false;
  }

  #view({ group, service }: GroupReader, nowMs: number): GroupView {
    const { samples, layout, kafka, processes, waiting, own } = this.#options;
    return groupView({
      group,
      service,
      layout: layout(),
      sample: samples.latest,
      errors: kafka()?.errors ?? new Map(),
      description: this.#descriptions.get(group),
      movement: this.#movement(group),
      gone: this.gone(group),
      forecasts: this.#outlooks.forecasts(group),
      nextRecords: this.#nextRecords.get(group) ?? new Map(),
      limits: this.#limits,
      processNames: processes().map(({ name }) => name),
      running: processes().filter((one) => one.service === service && one.state !== 'stopped').length,
      paused: this.#isPaused(service),
      waiting: waiting(),
      stable: kafka()?.stable ?? new Map(),
      underWay: own?.hands.get(service) ?? new Map(),
      visible: own?.visible ?? {},
      nowMs,
    });
  }
}
