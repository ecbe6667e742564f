/** All that the page needs beside the supervisor, put together: what is observed, what is kept, who does the work. */
import { join } from 'node:path';
import type { Registry } from 'prom-client';
import { deadLetterTopic, shareLetterTopic } from '../../kafka/admin/side-topics.ts';
import { clientConfig } from '../../kafka/client/client-config.ts';
import { KafkaInspector } from '../../kafka/groups/inspector.ts';
import { describeShareOffsets } from '../../lab/broker/share-groups.ts';
import { transactionOwner } from '../../lab/broker/transaction-owner.ts';
import { LookBook } from '../../lab/recording/look-book.ts';
import { Tape } from '../../lab/recording/tape.ts';
import type { EventLog } from '../../lab/supervisor/event-log.ts';
import { entryTopics } from '../../lab/supervisor/reading-groups.ts';
import type { Supervisor } from '../../lab/supervisor/supervisor.ts';
import { readRunningSystem } from '../../lab/systems/file/read-system.ts';
import { processAddress } from '../../lab/systems/process/process-address.ts';
import { lagMetrics } from '../../lab/watch/lag-metrics/lag-metrics.ts';
import { LiveFeed } from '../../lab/watch/live-feed.ts';
import { Observer } from '../../lab/watch/observer.ts';
import { markProcesses } from '../../lab/watch/samples/mark-processes.ts';
import { SampleStore } from '../../lab/watch/samples/sample-store.ts';
import { Marks } from '../../lab/watch/samples/timeline-marks.ts';
import type { Settings } from '../../pipeline/settings/declarations.ts';
import { isPackaged } from '../../pipeline/settings/packaged.ts';
import { projectRoot } from '../../pipeline/settings/read-settings.ts';
import { keepReady } from '../jobs/keep-ready.ts';
import { Worker } from '../jobs/worker.ts';
import { ScenarioRunner } from '../page-scenarios/scenario-runner.ts';
import { isPipeline } from '../supervisor/service-table.ts';
import { PipelineLooks } from '../watch/pipeline-looks.ts';
import type { LiveState, Pipeline, SetValues, Snapshot, SystemFacts, Terminal } from '../wire/all.ts';
import type { LabState } from '../wire/lab-state.ts';
import { BurstRunner, type BurstRunnerOptions } from './burst-runner.ts';
import { OffsetResetter } from './offset-resetter.ts';
import { PageReplays } from './page-replays.ts';

export type DashboardOptions = {
  system: SystemFacts;
  /** With the addresses that the lab settled; asked for when they are needed. */
  settings: () => Settings;
  supervisor: Pick<Supervisor, 'act' | 'views'>;
  events: EventLog;
  state: () => Promise<LabState>;
  analyticsUrl: () => string;
  /** Where the services listen. */
  host: string;
  /** By which a process of its own finds this lab. */
  env: () => NodeJS.ProcessEnv;
};

export type Dashboard = AsyncDisposable & {
  system: SystemFacts;
  feed: LiveFeed;
  marks: Marks;
  /** Names of the order pipeline. */
  pipeline: Pipeline;
  terminal: () => Terminal;
  worker: Worker;
  bursts: BurstRunner;
  replays: PageReplays;
  offsets: OffsetResetter;
  scenarios: ScenarioRunner;
  /** What the page was sent, and what was looked at, for a recording. */
  tape: Tape;
  lookBook: LookBook;
  inspector: () => KafkaInspector;
  snapshot: () => Promise<Snapshot>;
  /** What the lab itself tells Prometheus. */
  metrics: Registry;
  settings: () => Settings;
  /** To be told when a page begins to listen. */
  somebodyCame: () => void;
  /** Tells the page when the settings that somebody has set are in force; returns at once. */
  settingsChanged: (service: string, set: SetValues) => void;
  /** Before a scale: see `Observer.foretell`. */
  foretell: (service: string, instances: number) => () => void;
  /** Begins to look at Kafka, once it takes requests. */
  observe: () => void;
};

/** Nobody waits for these processes while nobody uses the page (ms). */
const workerIdleMs = 120_000;
const burstIdleMs = 30_000;
/** Reading the memory of all processes is not free (ms). */
const memoryEveryMs = 5000;

export function createDashboard(options: DashboardOptions): Dashboard {
  const { system, settings, supervisor, events, state, analyticsUrl, host } = options;
  const stop = new AbortController();
  const pipeline = pipelineOf(settings());
  const terminal = (): Terminal => terminalOf(settings());
  const tape = new Tape();
  const feed = new LiveFeed((event) => tape.take(event));
  const marks = new Marks((mark) => feed.send('mark', mark));
  const samples = new SampleStore();
  const worker = new Worker(settings, workerIdleMs);
  const somebodyCame = keepReady({
    worker,
    isWanted: () => feed.listeners > 0 && settings().kafkaBrokers !== undefined,
    everyMs: workerIdleMs / 2,
    signal: stop.signal,
  });
  const burstWorker = new Worker(settings, burstIdleMs);
  let asking: KafkaInspector | undefined;
  // Made when it is first needed: before that, the lab does not know its Kafka.
  const inspector = (): KafkaInspector => (asking ??= new KafkaInspector(clientConfig(settings(), 'lab-observer')));
  const processes = processesOf(supervisor, state);
  const observer = new Observer({
    inspector,
    system,
    ownLooks: isPipeline(system)
      ? (beside) =>
          new PipelineLooks({ ...beside, names: pipeline, analyticsUrl, host, notedDeletions: (of) => worker.run('notedDeletions', of) })
      : undefined,
    feed,
    marks,
    samples,
    processes,
    nextRecordTimes: (positions) => worker.run('nextRecordTimes', positions),
    whySilent: () => worker.run('whySilent', undefined),
    transactionOwner: (open) => transactionOwner(open, settings()),
    shareOffsets: (group) => describeShareOffsets(settings(), group),
    signal: stop.signal,
  });
  observer.tell();
  type Send = BurstRunnerOptions['send'];
  const sendOrders: Send = (runId, { count, ratePerSec, failRate = settings().orderFailRate, seed = runId, hot }, options) =>
    burstWorker.run('burst', { runId, count, ratePerSec, failRate, seed, hot }, options);
  const sendLoad: Send = async (_runId, { count, ratePerSec }, options) => {
    const { load } = readRunningSystem(system);
    const baseUrl = processAddress((await state()).processes, load.http?.service);
    return await burstWorker.run('loadBurst', { system, baseUrl, count, ratePerSec }, options);
  };
  const bursts = new BurstRunner({
    what: isPipeline(system) ? 'orders' : 'records',
    subject: entryTopics(system).join(', '),
    send: isPipeline(system) ? sendOrders : sendLoad,
    marks,
    terminal,
    onChange: (burst) => feed.sendLatest('burst', burst),
  });
  const replays = new PageReplays({
    analyticsUrl,
    pipeline,
    terminal,
    marks,
    onChange: (replay) => feed.sendLatest('replay', replay),
    signal: stop.signal,
  });
  const scenarios = new ScenarioRunner({ env: options.env, marks, terminal, onChange: (run) => feed.sendLatest('scenario', run) });
  const stopMarking = markProcesses({
    events,
    supervisor,
    marks,
    onProcess: (view) => feed.sendLatest('process', { ...view, rssBytes: null }, `process ${view.name}`),
  });

  return {
    system,
    feed,
    marks,
    pipeline,
    terminal,
    worker,
    bursts,
    replays,
    offsets: new OffsetResetter({ worker, supervisor, system }),
    scenarios,
    tape,
    lookBook: new LookBook(),
    inspector,
    settings,
    somebodyCame,
    settingsChanged: (service, set) => {
      // What cannot be told now is told by the next look.
      observer.followSettings(service, set).catch(() => {});
    },
    metrics: lagMetrics(() => observer.state()),
    foretell: (service, instances) => observer.foretell(service, instances),
    observe: () => observer.start(),
    snapshot: async () => {
      const [lab, live] = await Promise.all([state(), observer.state()]);
      return {
        at: new Date().toISOString(),
        lastEventId: feed.lastEventId,
        lab,
        terminal: terminal(),
        pipeline,
        layout: observer.layout,
        samples: [...samples.all()],
        marks: [...marks.all()],
        // The observer passed on what the looks of this pipeline told.
        live: live as LiveState,
        burst: bursts.state,
        replay: replays.state,
        scenario: scenarios.state,
        crashTest: null,
      };
    },
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      stopMarking();
      for (const one of [scenarios, worker, burstWorker, asking]) one?.[Symbol.dispose]();
    },
  };
}

const pipelineOf = ({ ordersTopic, inventoryTopic, inventoryGroupId, analyticsGroupId, notificationsTopic }: Settings): Pipeline => ({
  ordersTopic,
  inventoryTopic,
  notificationsTopic,
  notificationLetters: shareLetterTopic(notificationsTopic),
  deadLetterTopics: [ordersTopic, inventoryTopic].map(deadLetterTopic),
  inventoryGroup: inventoryGroupId,
  analyticsGroup: analyticsGroupId,
});

const defaultHome = join(projectRoot, '.lab');

const terminalOf = ({ labHome, kafkaBrokers }: Settings): Terminal => ({
  labHome: labHome === defaultHome ? null : labHome,
  brokers: kafkaBrokers ?? null,
  isPackaged,
});

/** The states are fresh each time, the memory as it was read last. */
function processesOf(supervisor: Pick<Supervisor, 'views'>, state: () => Promise<LabState>) {
  let readMs = 0;
  let sizes = new Map<number, number | null>();
  return async () => {
    if (Date.now() - readMs > memoryEveryMs) {
      readMs = Date.now();
      const { processes } = await state();
      sizes = new Map(processes.flatMap(({ pid, rssBytes }) => (pid === null ? [] : [[pid, rssBytes] as const])));
    }
    return supervisor.views().map((view) => ({ ...view, rssBytes: view.pid === null ? null : (sizes.get(view.pid) ?? null) }));
  };
}
