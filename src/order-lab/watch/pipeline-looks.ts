/** What is looked at in the order pipeline beside what any system has: analytics' figures, the settings in force, the balance of the orders. */
import { isDeepStrictEqual } from 'node:util';
import { deadLetterTopic } from '../../kafka/admin/side-topics.ts';
import { partitionKey } from '../../kafka/partition.ts';
import type { Beside, OwnLooks, VisibleOffsets } from '../../lab/watch/own-looks.ts';
import { keepLooking, pause, Source } from '../../lab/watch/samples/freshness.ts';
import { count } from '../../lab/watch/verdict/group-verdict.ts';
import { settingsText } from '../../lab/watch/verdict/mark-texts.ts';
import { ownNames } from '../supervisor/service-table.ts';
import type { Insight, Layout, Ledger, LiveState, Metrics, Pipeline, Sample, ServiceSettings, SetValues } from '../wire/all.ts';
import { askInstances, type InstancesTold, lookAtMetrics } from './ask-services.ts';
import { DeletionLook, type NotedDeletions } from './noted-deletions.ts';
import { ledgerOf } from './order-balance.ts';
import { pipelineInsights } from './pipeline-insights.ts';
import { readAgainText, type Settled, settled } from './same-digest.ts';

export type PipelineLooksOptions = Beside & {
  names: Pipeline;
  analyticsUrl: () => string;
  /** Where the instances of the services listen. */
  host: string;
  notedDeletions: NotedDeletions;
};

const everyMs = 1000;
const deletionsEveryMs = 2000;
const followMs = 5000;
const followEveryMs = 100;

export class PipelineLooks implements OwnLooks {
  readonly ownNames = ownNames;
  readonly sources = { analytics: new Source(), settings: new Source() };
  readonly #options: PipelineLooksOptions;
  readonly #deletions: DeletionLook;
  #metrics: Metrics | null = null;
  /** The figures when all was read last. */
  #settled: Settled | null = null;
  #endToEndMs: number | null = null;
  #settings: LiveState['settings'] = {};
  #workers: InstancesTold['workers'] = new Map();
  #hands: InstancesTold['hands'] = new Map();
  #instancesLook: Promise<void> | undefined;

  constructor(options: PipelineLooksOptions) {
    this.#options = options;
    this.#deletions = new DeletionLook(options.names, options.notedDeletions);
  }

  get settings(): LiveState['settings'] {
    return this.#settings;
  }

  /** What the workers of the share group have done, by the name of the process. */
  get workers(): InstancesTold['workers'] {
    return this.#workers;
  }

  /** Letters that the broker wrote for the share group; null where there is no such topic. */
  get shareLetters(): number | null {
    const { names, kafka } = this.#options;
    const place = partitionKey({ topic: names.notificationLetters, partition: 0 });
    const [first, end] = [kafka()?.beginnings.get(place), kafka()?.ends.get(place)];
    return first === undefined || end === undefined ? null : end - first;
  }

  /** The broker writes letters for the share group, of records that its workers gave up. */
  letterText(topic: string): string | null {
    return topic === this.#options.names.notificationLetters ? 'a record was rejected, or delivered too often' : null;
  }

  /** What the readers have in their hands. */
  get hands(): InstancesTold['hands'] {
    return this.#hands;
  }

  /** How far the view of analytics is. */
  get visible(): VisibleOffsets {
    return this.#metrics?.position ?? {};
  }

  /** What a sample takes from the services: what is old is not told. */
  get forSample(): Pick<Sample, 'ordersPerMin' | 'endToEndMs'> {
    const isFresh = this.sources.analytics.view().staleSince === null;
    return { ordersPerMin: isFresh ? (this.#metrics?.orders_per_min ?? null) : null, endToEndMs: this.#endToEndMs };
  }

  /** Begins to look; ends with the signal. */
  start(): void {
    const { signal, kafka } = this.#options;
    void keepLooking(this.sources.analytics, everyMs, () => this.#lookAtAnalytics(), signal);
    void keepLooking(this.sources.settings, everyMs, () => this.#lookAtInstances(), signal);
    void keepLooking(new Source(), deletionsEveryMs, () => this.#deletions.look(kafka()), signal);
  }

  /** Somebody waits for what they changed: looks again and again until it is in force everywhere, for some seconds. */
  async followSettings(service: string, wanted: SetValues): Promise<void> {
    const { signal } = this.#options;
    const end = Date.now() + followMs;
    while (!signal.aborted && Date.now() < end) {
      await this.#lookAtInstances();
      const { set, everywhere } = this.#settings[service] ?? unknown();
      if (everywhere && isDeepStrictEqual(set, wanted)) break;
      await pause(followEveryMs, signal);
    }
  }

  get readsAgain(): string | null {
    return this.#metrics?.replay.state === 'running' ? 'analytics-service' : null;
  }

  get readInAll(): string | null {
    return this.#metrics && count(this.#metrics.total_orders, 'order');
  }

  insights(isKafkaAway: boolean): Insight[] {
    const isOld = this.sources.analytics.view().staleSince !== null;
    return pipelineInsights({ metrics: this.#metrics, isOld, isKafkaAway, processes: this.#options.processes() });
  }

  /** @returns the metrics as analytics told them last, and the books: null until everything is known */
  told(layout: Layout, sample: Sample | undefined): { metrics: Metrics | null; ledger: Ledger | null } {
    const { names, kafka } = this.#options;
    const letters = { topic: deadLetterTopic(names.inventoryTopic), partition: 0 };
    const ledger = ledgerOf({
      layout,
      sample,
      beginnings: kafka()?.beginnings ?? new Map(),
      metrics: this.#metrics,
      names,
      deadDecisions: kafka()?.ends.get(partitionKey(letters)) ?? 0,
      noted: this.#deletions.noted,
    });
    return { metrics: this.#metrics, ledger };
  }

  async #lookAtAnalytics(): Promise<void> {
    const wasReplaying = this.#metrics?.replay.state === 'running';
    this.#metrics = await lookAtMetrics(this.#options.analyticsUrl());
    const { marks } = this.#options;
    if (!wasReplaying && this.#metrics.replay.state === 'running') marks.add('replay', 'analytics-service', 'replay begins');
    const now = settled(this.#metrics);
    if (!now) return;
    const text = readAgainText(this.#settled, now);
    if (text !== null) marks.add('digest', 'analytics-service', text);
    this.#settled = now;
  }

  /** One look at a time, so that each change is marked once. */
  #lookAtInstances(): Promise<void> {
    this.#instancesLook ??= this.#askInstances().finally(() => {
      this.#instancesLook = undefined;
    });
    return this.#instancesLook;
  }

  async #askInstances(): Promise<void> {
    const before = this.#settings;
    const { processes, host } = this.#options;
    ({
      settings: this.#settings,
      workers: this.#workers,
      hands: this.#hands,
      endToEndMs: this.#endToEndMs,
    } = await askInstances(processes(), host));
    for (const [service, now] of Object.entries(this.#settings)) {
      const text = now ? settingsText(before[service], now) : null;
      if (text !== null) this.#options.marks.add('set', service, text);
    }
  }
}

function unknown(): ServiceSettings {
  return { inForce: null, set: {}, everywhere: true, notes: [] };
}
