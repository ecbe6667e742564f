/** Records a crash test as the page of a lab would have shown it: the same looks, the same curves, with the faults as causes on them. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sync as writeFileAtomic } from 'write-file-atomic';
import { recordingPage } from '../page/page-folder.ts';
import { logPath } from '../recording/closing-looks.ts';
import { recordingFacts, recordingFile } from '../recording/recording-file.ts';
import { Tape } from '../recording/tape.ts';
import { recordingFileName } from '../report/recording-link.ts';
import { brokerName } from '../supervisor/instance-name.ts';
import { lastLines, parseLine, readable } from '../supervisor/log-lines.ts';
import { factsOf } from '../systems/file/describe-system.ts';
import { LiveFeed } from '../watch/live-feed.ts';
import { Observer } from '../watch/observer.ts';
import { SampleStore } from '../watch/samples/sample-store.ts';
import { Marks } from '../watch/samples/timeline-marks.ts';
import type { LabState, Look, MarkKind, ProcessView, Snapshot } from '../wire/all.ts';
import { type Fault, type FaultKind, faultText } from './faults/fault.ts';
import type { CrashTestOptions } from './options.ts';
import { RunView } from './run-view.ts';
import type { Stage } from './stage.ts';
import { processView } from './watch/process-view.ts';

export type RunRecorder = Disposable & {
  /** What the page of the run is told. */
  feed: LiveFeed;
  view: RunView;
  snapshot: () => Promise<Snapshot>;
  /** Puts a fault on the timeline. */
  mark(fault: Fault): void;
  /** Writes what was seen beside the report; a report without it is still a report. */
  write(folder: string): Promise<void>;
};

const markKinds: { [kind in FaultKind]: MarkKind } = {
  kill: 'kill',
  freeze: 'stop',
  stop: 'stop',
  scale: 'scale',
  broker: 'kafka',
  duplicate: 'record',
  unreadable: 'record',
};

export function recordRun({ system, services, watch, kafka, startMs }: Stage, { seed, minutes }: CrashTestOptions): RunRecorder {
  const stop = new AbortController();
  const tape = new Tape();
  const feed = new LiveFeed((event) => tape.take(event));
  const marks = new Marks((mark) => feed.send('mark', mark));
  const facts = factsOf(system);
  const processes = async (): Promise<ProcessView[]> =>
    services.flatMap(({ name, instances }) => instances.map((instance) => processView(name, instance)));
  const samples = new SampleStore();
  const observer = new Observer({
    inspector: () => watch.inspector(),
    system: facts,
    ownLooks: undefined,
    feed,
    marks,
    samples,
    processes,
    // Whoever looks at a storm from inside it asks no more of it than has to be.
    nextRecordTimes: async () => [],
    whySilent: async () => undefined,
    transactionOwner: async () => undefined,
    shareOffsets: async () => [],
    signal: stop.signal,
  });
  observer.tell();
  const startedAt = new Date(startMs).toISOString();
  const stormUntil = new Date(Date.now() + minutes * 60_000).toISOString();
  const first = { seed, phase: 'storm', startedAt, stormUntil, claim: system.claims ?? null } as const;
  const none = { sent: 0, faults: 0, lastFault: null, sometimes: [], soFar: null, behavesAs: null, outcome: null, reason: null };
  const view = new RunView({ ...first, ...none }, (now) => feed.sendLatest('crashTest', now));
  observer.start();
  const terminal = { labHome: null, brokers: kafka.brokers };
  const lab = async (): Promise<LabState> => ({
    labId: `crash-test-${startMs}`,
    labHome: '',
    pid: process.pid,
    startedAt,
    ready: true,
    brokers: kafka.brokers,
    system: facts,
    urls: { lab: '' },
    rssBytes: 0,
    processes: await processes(),
  });
  return {
    feed,
    view,
    snapshot: async () => ({
      at: new Date().toISOString(),
      lastEventId: feed.lastEventId,
      lab: await lab(),
      terminal,
      pipeline: null,
      layout: observer.layout,
      samples: [...samples.all()],
      marks: [...marks.all()],
      live: await observer.state(),
      burst: null,
      replay: null,
      scenario: null,
      crashTest: view.now,
    }),
    mark: ({ kind, target, detail, at }) =>
      marks.add(markKinds[kind], kind === 'broker' ? brokerName : target, `${faultText[kind]}: ${detail}`, at),
    async write(folder) {
      const cut = tape.cut(startMs);
      if (cut === null || !existsSync(recordingPage)) return;
      const { fromMs, toMs } = cut;
      const storm = [
        { name: 'Seed', value: seed },
        { name: 'Storm', value: `${minutes} min` },
      ];
      const file = recordingFile(
        readFileSync(recordingPage, 'utf8'),
        recordingFacts({ title: `Crash test: ${system.name}`, fromMs, toMs, system: facts, terminal, pipeline: null }, storm),
        cut.blocks,
        await logLooks(services),
      );
      writeFileAtomic(join(folder, recordingFileName), file);
    },
    [Symbol.dispose]: () => stop.abort(),
  };
}

/** The last lines of each process, as the page would have got them. */
const logLooks = (services: Stage['services']): Promise<Look[]> =>
  Promise.all(
    services
      .flatMap(({ instances }) => instances)
      .map(async ({ name, logFile }) => {
        const { lines } = await lastLines(logFile, 200);
        const read = lines.map((line) => {
          const { at, text } = parseLine(line);
          return { at: at || null, level: 'info', text: readable(text) };
        });
        return { path: logPath(name), atMs: Date.now(), body: { name, lines: read } };
      }),
  );
