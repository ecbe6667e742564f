/** What the page knows of the lab: the snapshot, then the stream, resumed by itself after every break. */
import type {
  BurstState,
  CrashTestView,
  GroupView,
  Layout,
  LiveEventName,
  LiveEvents,
  LiveState,
  Mark,
  Pipeline,
  ProcessView,
  RecordingFacts,
  ReplayState,
  Sample,
  ScenarioRun,
  Snapshot,
  SystemFacts,
  Terminal,
} from '../../../src/order-lab/wire/all.ts';
import { get } from '../lib/api.ts';
import { type Connection, connectionOf, retryDelay, silentMs } from '../lib/freshness.ts';
import { withMark, withSample } from '../lib/history.ts';
import type { Moment } from '../lib/playback.ts';

class Lab {
  connection = $state.raw<Connection>({ state: 'connecting' });
  /** Why the first load failed, while there is nothing to show yet. */
  loadError = $state<string | null>(null);
  labId = $state('');
  terminal = $state.raw<Terminal>({ labHome: null, brokers: null });
  /** What the lab runs. */
  system = $state.raw<SystemFacts | null>(null);
  pipeline = $state.raw<Pipeline | null>(null);
  layout = $state.raw<Layout>({ ends: [], commits: [] });
  samples = $state.raw<Sample[]>([]);
  marks = $state.raw<Mark[]>([]);
  live = $state.raw<LiveState | null>(null);
  burst = $state.raw<BurstState | null>(null);
  replay = $state.raw<ReplayState | null>(null);
  scenario = $state.raw<ScenarioRun | null>(null);
  /** Of a crash test, while it goes on and as it was recorded: nothing can be changed then. */
  crashTest = $state.raw<CrashTestView | null>(null);
  /** All curves and causes of a recording, what is still to come among them; null where a lab runs. */
  whole = $state.raw<{ samples: Sample[]; marks: Mark[]; layout: Layout } | null>(null);

  #source: EventSource | undefined;
  #lastEventId = '';
  #lastHeardMs: number | undefined;
  #tries = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;

  get ready(): boolean {
    return this.live !== null;
  }

  /** Why nothing can be changed now, or null. */
  get locked(): string | null {
    if (this.connection.state === 'live') return null;
    return this.connection.state === 'recorded' ? 'this is a recording' : 'the lab does not answer: trying again';
  }

  /** Why nothing that needs Kafka can be done now, or null. */
  get kafkaLocked(): string | null {
    return this.locked ?? (this.kafkaStale ? 'Kafka does not answer: trying again' : null);
  }

  /** What Kafka told is old, though the lab may be there. */
  get kafkaStale(): boolean {
    return this.live?.sources.kafka.staleSince != null;
  }

  get lastSample(): Sample | undefined {
    return this.samples.at(-1);
  }

  /** Whether it is the order pipeline, which has figures, settings and a replay beside what any system has. */
  get isPipeline(): boolean {
    return this.system?.folder === null;
  }

  group(service: string): GroupView | undefined {
    return this.live?.groups.find((group) => group.service === service);
  }

  processesOf(service: string): ProcessView[] {
    return this.live?.processes.filter((process) => process.service === service) ?? [];
  }

  /** Loads and listens until the page is left. */
  start(): void {
    void this.#load();
    setInterval(() => this.#watch(), 1000);
  }

  /** From now on what is shown comes from a recording. */
  beginRecording({ system, pipeline, terminal }: RecordingFacts, whole: NonNullable<Lab['whole']>): void {
    this.connection = { state: 'recorded' };
    this.system = system;
    this.pipeline = pipeline;
    // The lab's folder may be gone, or on another machine: commands as they read in a lab in its usual place.
    this.terminal = { ...terminal, labHome: null };
    this.whole = whole;
  }

  /** Shows a second of it. */
  showRecorded({ live, layout, samples, marks, burst, replay, scenario, crashTest }: Moment): void {
    Object.assign(this, { live, layout, samples, marks, burst, replay, scenario, crashTest });
  }

  async #load(): Promise<void> {
    this.#source?.close();
    try {
      const snapshot = await get<Snapshot>('/api/snapshot', AbortSignal.timeout(10_000));
      this.#apply(snapshot);
      this.#heard();
      this.#listen();
    } catch (error) {
      this.loadError = error instanceof Error ? error.message : String(error);
      this.#again(() => this.#load());
    }
  }

  #apply(snapshot: Snapshot): void {
    this.loadError = null;
    this.labId = snapshot.lab.labId;
    this.terminal = snapshot.terminal;
    this.system = snapshot.lab.system;
    this.pipeline = snapshot.pipeline;
    this.layout = snapshot.layout;
    this.samples = snapshot.samples;
    this.marks = snapshot.marks;
    this.live = snapshot.live;
    this.burst = snapshot.burst;
    this.replay = snapshot.replay;
    this.scenario = snapshot.scenario;
    this.crashTest = snapshot.crashTest;
    this.#lastEventId = snapshot.lastEventId;
  }

  #listen(): void {
    this.#source?.close();
    const source = new EventSource(`/api/live?after=${encodeURIComponent(this.#lastEventId)}`);
    this.#source = source;
    const on = <N extends LiveEventName>(name: N, take: (data: LiveEvents[N]) => void): void =>
      source.addEventListener(name, (event) => {
        if (event.lastEventId) this.#lastEventId = event.lastEventId;
        this.#heard();
        take(JSON.parse(event.data));
      });
    on('hello', () => {});
    on('reset', () => void this.#load());
    on('layout', (layout) => {
      this.layout = layout;
      // A page that is older than the lab's broker does not know its address yet.
      if (this.terminal.brokers === null) void this.#load();
    });
    on('sample', (sample) => {
      this.samples = withSample(this.samples, sample);
    });
    on('mark', (mark) => {
      this.marks = withMark(this.marks, mark);
    });
    on('process', (process) => {
      if (!this.live) return;
      const others = this.live.processes.filter(({ name }) => name !== process.name);
      const at = this.live.processes.findIndex(({ name }) => name === process.name);
      this.live = { ...this.live, processes: at < 0 ? [...others, process] : this.live.processes.with(at, process) };
    });
    on('burst', (burst) => {
      this.burst = burst;
    });
    on('replay', (replay) => {
      this.replay = replay;
    });
    on('scenario', (scenario) => {
      this.scenario = scenario;
    });
    on('crashTest', (crashTest) => {
      this.crashTest = crashTest;
    });
    on('state', (live) => {
      this.live = live;
    });
    source.onerror = () => {
      source.close();
      this.#again(() => this.#listen());
    };
  }

  #again(go: () => void): void {
    clearTimeout(this.#retry);
    this.#retry = setTimeout(go, retryDelay(this.#tries));
    this.#tries += 1;
  }

  #heard(): void {
    this.#lastHeardMs = Date.now();
    this.#tries = 0;
    if (this.connection.state !== 'live') this.connection = { state: 'live' };
  }

  /** A connection can hang without an error: after a silence it is made anew. */
  #watch(): void {
    const now = connectionOf(this.#lastHeardMs, Date.now());
    if (now.state !== this.connection.state) this.connection = now;
    if (now.state === 'stale' && Date.now() - now.sinceMs > 3 * silentMs && this.#source?.readyState === EventSource.OPEN) this.#listen();
  }
}

export const lab = new Lab();
