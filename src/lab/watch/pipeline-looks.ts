/** What is looked at in the order pipeline beside what any system has: analytics' figures, the settings in force, the balance of the orders. */
import { isDeepStrictEqual } from 'node:util';
import { partitionKey } from '../../kafka/partition.ts';
import { deadLetterTopic } from '../../kafka/side-topics.ts';
import type { Layout, LiveState, Metrics, Pipeline, ProcessView, Sample, ServiceSettings, SetValues } from '../wire/all.ts';
import { type HandsOf, lookAtEndToEnd, lookAtHands, lookAtMetrics, lookAtSettings } from './ask-services.ts';
import { keepLooking, pause, Source } from './freshness.ts';
import { settingsText } from './mark-texts.ts';
import type { KafkaLook } from './measurement.ts';
import { DeletionLook, type NotedDeletions } from './noted-deletions.ts';
import { ledgerOf } from './order-balance.ts';
import type { Marks } from './timeline-marks.ts';

export type PipelineLooksOptions = {
  names: Pipeline;
  analyticsUrl: () => string;
  /** Where the instances of the services listen. */
  host: string;
  notedDeletions: NotedDeletions;
  marks: Marks;
  /** As they were listed last. */
  processes: () => readonly ProcessView[];
  /** The last look at Kafka. */
  kafka: () => KafkaLook | undefined;
  signal: AbortSignal;
};

const everyMs = 1000;
const settingsEveryMs = 2000;
const deletionsEveryMs = 2000;
const followMs = 5000;
const followEveryMs = 100;

export class PipelineLooks {
  readonly sources = { analytics: new Source(), settings: new Source() };
  readonly #options: PipelineLooksOptions;
  readonly #deletions: DeletionLook;
  #metrics: Metrics | null = null;
  #endToEndMs: number | null = null;
  #hands: HandsOf = new Map();
  #settings: LiveState['settings'] = {};
  #settingsLook: Promise<void> | undefined;

  constructor(options: PipelineLooksOptions) {
    this.#options = options;
    this.#deletions = new DeletionLook(options.names, options.notedDeletions);
  }

  /** As analytics told them last. */
  get metrics(): Metrics | null {
    return this.#metrics;
  }

  get settings(): LiveState['settings'] {
    return this.#settings;
  }

  /** What the readers have in their hands. */
  get hands(): HandsOf {
    return this.#hands;
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
    void keepLooking(this.sources.settings, settingsEveryMs, () => this.#lookAtSettings(), signal);
    void keepLooking(new Source(), everyMs, () => this.#lookAtHands(), signal);
    void keepLooking(new Source(), deletionsEveryMs, () => this.#deletions.look(kafka()), signal);
  }

  /** Somebody waits for what they changed: looks again and again until it is in force everywhere, for some seconds. */
  async followSettings(service: string, wanted: SetValues): Promise<void> {
    const { signal } = this.#options;
    const end = Date.now() + followMs;
    while (!signal.aborted && Date.now() < end) {
      await this.#lookAtSettings();
      const { set, everywhere } = this.#settings[service] ?? unknown();
      if (everywhere && isDeepStrictEqual(set, wanted)) break;
      await pause(followEveryMs, signal);
    }
  }

  /** @returns null until everything is known */
  ledger(layout: Layout, sample: Sample | undefined): LiveState['ledger'] {
    const { names, kafka } = this.#options;
    const letters = { topic: deadLetterTopic(names.inventoryTopic), partition: 0 };
    return ledgerOf({
      layout,
      sample,
      beginnings: kafka()?.beginnings ?? new Map(),
      metrics: this.#metrics,
      names,
      deadDecisions: kafka()?.ends.get(partitionKey(letters)) ?? 0,
      noted: this.#deletions.noted,
    });
  }

  async #lookAtAnalytics(): Promise<void> {
    const wasReplaying = this.#metrics?.replay.state === 'running';
    const url = this.#options.analyticsUrl();
    this.#endToEndMs = await lookAtEndToEnd(url);
    this.#metrics = await lookAtMetrics(url);
    if (!wasReplaying && this.#metrics.replay.state === 'running') this.#options.marks.add('replay', 'analytics-service', 'replay begins');
  }

  async #lookAtHands(): Promise<void> {
    this.#hands = await lookAtHands(this.#options.processes(), this.#options.host);
  }

  /** One look at a time, so that each change is marked once. */
  #lookAtSettings(): Promise<void> {
    this.#settingsLook ??= this.#readSettings().finally(() => {
      this.#settingsLook = undefined;
    });
    return this.#settingsLook;
  }

  async #readSettings(): Promise<void> {
    const before = this.#settings;
    this.#settings = await lookAtSettings(this.#options.processes(), this.#options.host);
    for (const [service, now] of Object.entries(this.#settings)) {
      const text = now ? settingsText(before[service], now) : null;
      if (text !== null) this.#options.marks.add('set', service, text);
    }
  }
}

function unknown(): ServiceSettings {
  return { inForce: null, set: {}, everywhere: true, notes: [] };
}
