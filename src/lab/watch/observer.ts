/** Looks at Kafka and the services once a second, cheaply, and tells what it saw: samples, causes, the state of now. */
import type { GroupDescription } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { groupMember, stateName } from '../../kafka/group-state.ts';
import type { KafkaInspector } from '../../kafka/inspector.ts';
import { type Partition, partitionKey } from '../../kafka/partition.ts';
import { type RetentionLimits, retentionLimits } from '../../kafka/retention.ts';
import { readingGroups } from '../supervisor/reading-groups.ts';
import type { GroupView, Layout, LiveState, ProcessView, Sample, SetValues } from '../wire/all.ts';
import type { SystemFacts } from '../wire/system-facts.ts';
import { Foretold } from './foretold.ts';
import { keepLooking, pause, Source } from './freshness.ts';
import { type GroupMovement, groupMovement, movementWindowSec } from './group-movement.ts';
import { beyondScale, lastCause } from './group-outlook.ts';
import { groupView, type NextRecord, processOf } from './group-view.ts';
import { insightsOf } from './insights.ts';
import { extendLayout, growthTexts } from './layout.ts';
import type { LiveFeed } from './live-feed.ts';
import { lookAtFigures } from './look-at-figures.ts';
import { burstText, newLetters, rebalanceText, resetText } from './mark-texts.ts';
import { type KafkaLook, lookAtGroups, lookAtOffsets, outOfRange, type Reader } from './measurement.ts';
import { type LookedAt, Outlooks } from './outlooks.ts';
import type { Beside, OwnLooks } from './own-looks.ts';
import { QueueLook, type ShareOffsets } from './queue-look.ts';
import { type Flow, flowOf, sampleOf } from './sample.ts';
import type { SampleStore } from './sample-store.ts';
import type { Marks } from './timeline-marks.ts';
import { type OwnerOf, TransactionLook } from './waiting-transactions.ts';
import { whatIf } from './what-if.ts';

type GroupReader = Reader & { service: string };
export type NextRecordTimes = (positions: (Partition & { offset: number })[]) => Promise<(Partition & { atMs: number })[]>;

export type ObserverOptions = {
  inspector: () => KafkaInspector;
  /** What is watched. */
  system: SystemFacts;
  /** What is looked at in this system alone, where there is something. */
  ownLooks: ((beside: Beside) => OwnLooks) | undefined;
  feed: LiveFeed;
  marks: Marks;
  samples: SampleStore;
  /** With their memory, which is read now and then only. */
  processes: () => Promise<ProcessView[]>;
  nextRecordTimes: NextRecordTimes;
  /** Why nobody answers, where that can be told. */
  whySilent: () => Promise<string | undefined>;
  transactionOwner: OwnerOf;
  shareOffsets: ShareOffsets;
  signal: AbortSignal;
};

const everyMs = 1000;
/** The state is told with each sample, so that both are of one moment; after so long without one, as when Kafka is away, by itself (ms). */
const tellAloneAfterMs = 1500;
const agesEveryMs = 2000;
const layoutEveryMs = 3000;
const limitsEveryMs = 10_000;
const silenceEveryMs = 5000;
const figuresEveryMs = 1000;

export class Observer {
  readonly #options: ObserverOptions;
  readonly #readers: GroupReader[];
  readonly #flow: Flow;
  readonly #sources = { kafka: new Source(), groups: new Source() };
  readonly #own: OwnLooks | undefined;
  readonly #queues: QueueLook;
  #layout: Layout = { ends: [], commits: [] };
  #layoutAtMs = 0;
  #look: KafkaLook | undefined;
  /** Aborted by the next sample. */
  #sampled = new AbortController();
  #descriptions = new Map<string, GroupDescription>();
  #nextRecords = new Map<string, Map<string, NextRecord>>();
  #limits = new Map<string, RetentionLimits>();
  #processes: ProcessView[] = [];
  #figures: LiveState['figures'] = [];
  #whySilent: string | undefined;
  readonly #transactions: TransactionLook;
  readonly #foretold = new Foretold();
  readonly #outlooks = new Outlooks((group) => this.#outlookFacts(group));

  constructor(options: ObserverOptions) {
    this.#options = options;
    this.#transactions = new TransactionLook(options.transactionOwner);
    const { ownLooks, marks, signal } = options;
    this.#own = ownLooks?.({ marks, processes: () => this.#processes, kafka: () => this.#look, signal });
    this.#queues = new QueueLook({
      services: options.system.services,
      shareOffsets: options.shareOffsets,
      processes: () => this.#processes,
      isWatched: () => options.feed.listeners > 0,
    });
    this.#readers = readingGroups(options.system);
    this.#flow = flowOf(options.system);
  }

  /** Tells the state of now each second, before there is a Kafka too. */
  tell(): void {
    void this.#tell();
  }

  get layout(): Layout {
    return this.#layout;
  }

  /** Begins to look at Kafka and the services; ends with the signal. */
  start(): void {
    const { signal, system } = this.#options;
    const { kafka, groups } = this.#sources;
    void keepLooking(kafka, everyMs, () => this.#lookAtKafka(), signal);
    void keepLooking(groups, everyMs, () => this.#lookAtGroups(), signal);
    void keepLooking(new Source(), agesEveryMs, () => this.#lookAtAges(), signal);
    void keepLooking(new Source(), silenceEveryMs, () => this.#lookForCause(), signal);
    void keepLooking(new Source(), limitsEveryMs, () => this.#lookAtLimits(), signal);
    if (system.figures.length > 0) void keepLooking(new Source(), figuresEveryMs, () => this.#lookAtFigures(), signal);
    this.#queues.start(signal);
    this.#own?.start();
  }

  /** @returns what is true now */
  async state(): Promise<LiveState> {
    this.#processes = await this.#options.processes();
    const nowMs = Date.now();
    const groups = this.#readers.map((reader) => this.#groupView(reader, nowMs));
    const { kafka, groups: ofGroups } = this.#sources;
    const own = Object.entries(this.#own?.sources ?? {}).map(([name, source]) => [name, source.view(nowMs)] as const);
    const sources = {
      kafka: kafka.view(nowMs, this.#kafkaUpSince()),
      groups: ofGroups.view(nowMs),
      ...Object.fromEntries(own),
    };
    const facts = {
      processes: this.#processes,
      groups,
      settings: this.#own?.settings ?? {},
      sources,
      whySilent: this.#whySilent,
    };
    const { waiting } = this.#transactions;
    return {
      at: new Date(nowMs).toISOString(),
      ...facts,
      queues: this.#queues.views(this.#own?.workers ?? new Map(), this.#own?.shareLetters ?? null),
      topics: this.#topicEnds(),
      figures: this.#figures,
      ...(this.#own?.told(this.#layout, this.#options.samples.latest) ?? { metrics: null, ledger: null }),
      insights: insightsOf({
        ...facts,
        waiting,
        outOfRange: outOfRange(this.#look),
        own: this.#own?.insights(sources.kafka.staleSince !== null) ?? [],
        readsAgain: this.#own?.readsAgain ?? null,
        readInAll: this.#own?.readInAll ?? null,
        ownNames: this.#own?.ownNames ?? null,
      }),
    };
  }

  async #tell(): Promise<void> {
    const { signal, feed, marks } = this.#options;
    // Of its own: whoever asks for a snapshot in between must not take a rebalance away from the marks.
    let before: readonly GroupView[] = [];
    while (!signal.aborted) {
      this.#sampled = new AbortController();
      try {
        const state = await this.state();
        feed.sendLatest('state', state);
        for (const [index, group] of state.groups.entries()) {
          const text = rebalanceText(before[index], group);
          if (text !== null) marks.add('rebalance', group.group, text);
        }
        before = state.groups;
      } catch {
        // The processes could not be listed this once.
      }
      await pause(tellAloneAfterMs, AbortSignal.any([signal, this.#sampled.signal]));
    }
  }

  async #lookAtKafka(): Promise<void> {
    const { inspector, system, samples, feed, marks } = this.#options;
    if (Date.now() - this.#layoutAtMs > layoutEveryMs || this.#layout.ends.length === 0) {
      const found = await inspector().ask('partitionsOf', system.topics);
      const layout = extendLayout(this.#layout, found, this.#readers);
      this.#layoutAtMs = Date.now();
      if (layout !== this.#layout) feed.send('layout', layout);
      for (const [topic, text] of growthTexts(this.#layout, layout)) marks.add('kafka', topic, text);
      this.#layout = layout;
    }
    this.#look = await lookAtOffsets(
      inspector(),
      this.#layout.ends,
      this.#readers.map(({ group }) => group),
    );
    const { ends, stable, atMs } = this.#look;
    const known = this.#layout.ends.flatMap((column) => {
      const [end, read] = [ends.get(partitionKey(column)), stable.get(partitionKey(column))];
      return end === undefined || read === undefined ? [] : [{ ...column, end, stable: read }];
    });
    this.#transactions.look(known, atMs);
    const before = samples.latest;
    const sample = sampleOf(this.#look, {
      layout: this.#layout,
      flow: this.#flow,
      before,
      ...(this.#own?.forSample ?? { ordersPerMin: null, endToEndMs: null }),
    });
    samples.add(sample);
    feed.send('sample', sample);
    this.#sampled.abort();
    this.#markSample(before, sample, marks);
    for (const { group, service } of this.#readers) {
      const { totalLag } = this.#movement(group);
      this.#outlooks.heldAgainst(group, sample, totalLag);
      this.#scoreForetold(group, service, totalLag, sample.atMs);
    }
  }

  /**
   * A service is about to be scaled.
   * @returns to be called once it was: what was foretold before is kept then, and held against what happens
   */
  foretell(service: string, instances: number): () => void {
    const { samples, marks } = this.#options;
    const reader = this.#readers.find((one) => one.service === service);
    const running = this.#processes.filter((one) => one.service === service && one.state !== 'stopped').length;
    if (!reader || running === instances) return () => {};
    const group = this.#groupView(reader, Date.now());
    const found = whatIf({ samples: [...samples.all()], layout: this.#layout, marks: [...marks.all()] }, group, instances);
    return () => {
      const text = this.#foretold.begin(group.group, found, group.totalLag, Date.now());
      if (text !== undefined) marks.add('forecast', service, text);
    };
  }

  #scoreForetold(group: string, service: string, totalLag: number | null, atMs: number): void {
    const sinceMs = this.#foretold.since(group);
    if (sinceMs === undefined) return;
    const { marks } = this.#options;
    const cause = lastCause({ group, service, marks: marks.all().filter((mark) => mark.atMs > sinceMs) }, beyondScale);
    const text = this.#foretold.heldAgainst(group, totalLag, this.#outlooks.gone(group).sec, atMs, cause);
    if (text !== undefined) marks.add('forecast', service, text);
  }

  #markSample(before: Sample | undefined, sample: Sample, marks: Marks): void {
    const burst = burstText(before, sample);
    if (burst !== null) marks.add('burst', this.#flow.entries.join(', '), burst, sample.atMs);
    for (const topic of newLetters(this.#options.system.deadLetterTopics, this.#layout, before, sample)) {
      marks.add('dead-letter', topic, this.#own?.letterText(topic) ?? 'a record could not be read', sample.atMs);
    }
    for (const { group, service } of this.#readers) {
      const isEmpty = stateName(this.#descriptions.get(group)) === 'Empty';
      const moved = resetText(group, this.#layout, before, sample, isEmpty);
      if (moved !== null) marks.add('reset', service, `${group}: ${moved}`, sample.atMs);
    }
  }

  async #lookAtGroups(): Promise<void> {
    // A broker without groups makes the client's answer crash: wait until there is one.
    if (this.#look === undefined || [...this.#look.committed.values()].every(({ size }) => size === 0)) return;
    this.#descriptions = await lookAtGroups(
      this.#options.inspector(),
      this.#readers.map(({ group }) => group),
    );
  }

  /** Somebody waits for what they changed: tells at once when it is in force. */
  async followSettings(service: string, wanted: SetValues): Promise<void> {
    await this.#own?.followSettings(service, wanted);
    this.#options.feed.sendLatest('state', await this.state());
  }

  async #lookAtAges(): Promise<void> {
    const sample = this.#options.samples.latest;
    for (const { group } of this.#readers) {
      const behind = this.#layout.commits.flatMap(({ group: of, topic, partition }, index) => {
        const offset = sample?.committed[index] ?? this.#look?.beginnings.get(partitionKey({ topic, partition }));
        return of === group && typeof offset === 'number' && (sample?.lag[index] ?? 0) > 0 ? [{ topic, partition, offset }] : [];
      });
      const times = behind.length === 0 ? [] : await this.#options.nextRecordTimes(behind);
      const askedAt = new Map(behind.map((one) => [partitionKey(one), one.offset]));
      const lookedMs = Date.now();
      const found = times.map(
        (one) => [partitionKey(one), { offset: askedAt.get(partitionKey(one)) ?? 0, atMs: one.atMs, lookedMs }] as const,
      );
      this.#nextRecords.set(group, new Map(found));
    }
  }

  async #lookAtFigures(): Promise<void> {
    this.#figures = await lookAtFigures(this.#options.system.figures, this.#processes);
  }

  async #lookForCause(): Promise<void> {
    const isSilent = this.#sources.kafka.view().staleSince !== null;
    this.#whySilent = isSilent ? await this.#options.whySilent() : undefined;
  }

  async #lookAtLimits(): Promise<void> {
    const topics = [...new Set(this.#readers.flatMap((reader) => reader.topics))];
    const answers = await this.#options.inspector().ask('topicConfigs', topics);
    const told = answers.filter(({ error }) => error === undefined);
    this.#limits = new Map(told.map(({ topic, configs }) => [topic, retentionLimits(configs)]));
  }

  #movement(group: string): GroupMovement {
    return groupMovement(group, this.#layout, this.#options.samples.last(movementWindowSec));
  }

  #outlookFacts(group: string): LookedAt {
    const description = this.#descriptions.get(group);
    const names = this.#processes.map(({ name }) => name);
    const service = this.#readers.find((reader) => reader.group === group)?.service ?? group;
    return {
      group,
      service,
      layout: this.#layout,
      samples: this.#options.samples.last(movementWindowSec),
      state: stateName(description),
      members: (description?.members ?? [])
        .map(groupMember)
        .map(({ clientId, partitions }) => ({ name: processOf(clientId, names) ?? clientId, partitions })),
      marks: this.#options.marks.all(),
      paused: this.#isPaused(service),
      waiting: this.#transactions.waiting,
      isAway: this.#sources.kafka.view(Date.now(), this.#kafkaUpSince()).staleSince !== null,
    };
  }

  /** Of the lab's own broker; undefined where it has none. */
  #kafkaUpSince(): number | null | undefined {
    const kafka = this.#processes.find(({ name }) => name === 'kafka');
    return kafka && (kafka.state === 'healthy' ? Date.parse(kafka.since) : null);
  }

  #isPaused(service: string): boolean {
    return this.#own?.settings[service]?.inForce?.paused ?? false;
  }

  #groupView({ group, service }: GroupReader, nowMs: number): GroupView {
    const { samples } = this.#options;
    return groupView({
      group,
      service,
      layout: this.#layout,
      sample: samples.latest,
      errors: this.#look?.errors ?? new Map(),
      description: this.#descriptions.get(group),
      movement: this.#movement(group),
      gone: this.#outlooks.gone(group),
      forecasts: this.#outlooks.forecasts(group),
      nextRecords: this.#nextRecords.get(group) ?? new Map(),
      limits: this.#limits,
      processNames: this.#processes.map(({ name }) => name),
      running: this.#processes.filter((one) => one.service === service && one.state !== 'stopped').length,
      paused: this.#isPaused(service),
      waiting: this.#transactions.waiting,
      stable: this.#look?.stable ?? new Map(),
      underWay: this.#own?.hands.get(service) ?? new Map(),
      visible: this.#own?.visible ?? {},
      nowMs,
    });
  }

  #topicEnds(): LiveState['topics'] {
    const names = [...new Set(this.#layout.ends.map(({ topic }) => topic))];
    return names.map((topic) => ({
      topic,
      partitions: this.#layout.ends
        .filter((column) => column.topic === topic)
        .map((column) => ({
          partition: column.partition,
          end: this.#look?.ends.get(partitionKey(column)) ?? null,
          error: this.#look?.errors.get(partitionKey(column)) ?? null,
        })),
    }));
  }
}
