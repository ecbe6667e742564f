/** Looks at Kafka and the services once a second, cheaply, and tells what it saw: samples, causes, the state of now. */
import type { KafkaInspector } from '../../kafka/groups/inspector.ts';
import { partitionKey } from '../../kafka/partition.ts';
import { readingGroups } from '../supervisor/reading-groups.ts';
import type { GroupView, Layout, LiveState, ProcessView, Sample, SetValues } from '../wire/all.ts';
import type { SystemFacts } from '../wire/system-facts.ts';
import { GroupLook, type GroupReader, type NextRecordTimes } from './group-look.ts';
import { extendLayout, growthTexts } from './layout.ts';
import type { LiveFeed } from './live-feed.ts';
import { lookAtFigures } from './look-at-figures.ts';
import type { Beside, OwnLooks } from './own-looks.ts';
import { QueueLook, type ShareOffsets } from './queue-look.ts';
import { keepLooking, pause, Source } from './samples/freshness.ts';
import { type KafkaLook, lookAtOffsets, outOfRange } from './samples/measurement.ts';
import { type Flow, flowOf, sampleOf } from './samples/sample.ts';
import type { SampleStore } from './samples/sample-store.ts';
import type { Marks } from './samples/timeline-marks.ts';
import { ScaleForecasts } from './scale-forecasts.ts';
import { insightsOf } from './verdict/insights.ts';
import { burstText, newLetters, nobodyReads, rebalanceText, resetText, steadyGroups } from './verdict/mark-texts.ts';
import { type OwnerOf, TransactionLook } from './verdict/waiting-transactions.ts';

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
const layoutEveryMs = 3000;
const silenceEveryMs = 5000;
const figuresEveryMs = 1000;

export class Observer {
  readonly #options: ObserverOptions;
  readonly #readers: GroupReader[];
  readonly #flow: Flow;
  readonly #kafka = new Source();
  readonly #own: OwnLooks | undefined;
  readonly #groups: GroupLook;
  readonly #scaleForecasts: ScaleForecasts;
  readonly #queues: QueueLook;
  #layout: Layout = { ends: [], commits: [] };
  #layoutAtMs = 0;
  #look: KafkaLook | undefined;
  /** Aborted by the next sample. */
  #sampled = new AbortController();
  #processes: ProcessView[] = [];
  #figures: LiveState['figures'] = [];
  #whySilent: string | undefined;
  readonly #transactions: TransactionLook;

  constructor(options: ObserverOptions) {
    this.#options = options;
    this.#transactions = new TransactionLook(options.transactionOwner);
    const { ownLooks, marks, samples, signal } = options;
    this.#own = ownLooks?.({ marks, processes: () => this.#processes, kafka: () => this.#look, signal });
    this.#queues = new QueueLook({
      services: options.system.services,
      shareOffsets: options.shareOffsets,
      processes: () => this.#processes,
      isWatched: () => options.feed.listeners > 0,
    });
    this.#readers = readingGroups(options.system);
    const layout = (): Layout => this.#layout;
    this.#groups = new GroupLook({
      ...options,
      readers: this.#readers,
      layout,
      kafka: () => this.#look,
      isAway: () => this.#kafka.view(Date.now(), this.#kafkaUpSince()).staleSince !== null,
      processes: () => this.#processes,
      waiting: () => this.#transactions.waiting,
      own: this.#own,
    });
    this.#scaleForecasts = new ScaleForecasts({ samples, marks, layout });
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
    void keepLooking(this.#kafka, everyMs, () => this.#lookAtKafka(), signal);
    this.#groups.start(signal);
    void keepLooking(new Source(), silenceEveryMs, () => this.#lookForCause(), signal);
    if (system.figures.length > 0) void keepLooking(new Source(), figuresEveryMs, () => this.#lookAtFigures(), signal);
    this.#queues.start(signal);
    this.#own?.start();
  }

  /** @returns what is true now */
  async state(): Promise<LiveState> {
    this.#processes = await this.#options.processes();
    const nowMs = Date.now();
    const groups = this.#groups.views(nowMs);
    const own = Object.entries(this.#own?.sources ?? {}).map(([name, source]) => [name, source.view(nowMs)] as const);
    const sources = {
      kafka: this.#kafka.view(nowMs, this.#kafkaUpSince()),
      groups: this.#groups.source.view(nowMs),
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
        before = steadyGroups(before, state.groups);
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
    for (const reader of this.#readers) {
      const totalLag = this.#groups.totalLag(reader.group);
      this.#groups.heldAgainst(reader.group, sample, totalLag);
      this.#scaleForecasts.heldAgainst(reader, totalLag, () => this.#groups.gone(reader.group).sec, sample.atMs);
    }
  }

  /**
   * A service is about to be scaled.
   * @returns to be called once it was: what was foretold before is kept then, and held against what happens
   */
  foretell(service: string, instances: number): () => void {
    const group = this.#groups.viewOf(service);
    const running = this.#processes.filter((one) => one.service === service && one.state !== 'stopped').length;
    return group === undefined || running === instances ? () => {} : this.#scaleForecasts.foretell(group, instances);
  }

  #markSample(before: Sample | undefined, sample: Sample, marks: Marks): void {
    const burst = burstText(before, sample);
    if (burst !== null) marks.add('burst', this.#flow.entries.join(', '), burst, sample.atMs);
    for (const topic of newLetters(this.#options.system.deadLetterTopics, this.#layout, before, sample)) {
      marks.add('dead-letter', topic, this.#own?.letterText(topic) ?? 'a record could not be read', sample.atMs);
    }
    for (const { group, service } of this.#readers) {
      const moved = resetText(group, this.#layout, before, sample, nobodyReads(this.#groups.isEmpty(group), service, this.#processes));
      if (moved !== null) marks.add('reset', service, `${group}: ${moved}`, sample.atMs);
    }
  }

  /** Somebody waits for what they changed: tells at once when it is in force. */
  async followSettings(service: string, wanted: SetValues): Promise<void> {
    await this.#own?.followSettings(service, wanted);
    this.#options.feed.sendLatest('state', await this.state());
  }

  async #lookAtFigures(): Promise<void> {
    this.#figures = await lookAtFigures(this.#options.system.figures, this.#processes);
  }

  async #lookForCause(): Promise<void> {
    const isSilent = this.#kafka.view().staleSince !== null;
    this.#whySilent = isSilent ? await this.#options.whySilent() : undefined;
  }

  /** Of the lab's own broker; undefined where it has none. */
  #kafkaUpSince(): number | null | undefined {
    const kafka = this.#processes.find(({ name }) => name === 'kafka');
    return kafka && (kafka.state === 'healthy' ? Date.parse(kafka.since) : null);
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
