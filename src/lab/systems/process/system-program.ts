/** A process of a system as the supervisor runs it: started with what system.yaml says, ready in its way, stopped by its signal. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import ms, { type StringValue } from 'ms';
import { ReplaygroundError } from '../../../kafka/errors.ts';
import { freePort } from '../../broker/ports.ts';
import { stopProcess } from '../../broker/stop.ts';
import { describeExit, type Program, type Run } from '../../supervisor/program.ts';
import { wantsPort } from '../file/check-system.ts';
import type { ServiceFile } from '../file/system-schema.ts';
import { processCommand, processEnvironment } from './process-environment.ts';
import { startGroup } from './process-group.ts';
import { answersOk, type MembersOf, waitsFor } from './readiness.ts';
import { systemPath } from './toolchain.ts';

export type SystemProgramOptions = {
  /** `invoicer.2` */
  name: string;
  service: string;
  /** From 1. */
  instance: number;
  file: ServiceFile;
  /** The system's: the command is run in it. */
  folder: string;
  /** Gets a folder for each process. */
  stateFolder: string;
  /** Asked for at each start: Kafka's address is known late. */
  brokers: () => string;
  /** Variables by which it is let in there. */
  access: Readonly<Record<string, string>>;
  /** How many processes of the service should run. */
  wanted: () => number;
  membersOf: MembersOf;
  /** Takes what it writes. */
  log: (stream: Readable) => void;
};

const readyEveryMs = 200;
export const defaultStop = { signal: 'SIGTERM', within: '8s' } as const;

/** @returns the program; its port stays the same over restarts */
export function systemProgram(options: SystemProgramOptions): Program {
  const { name, service, instance, file, folder, stateFolder, access } = options;
  const stateDir = join(stateFolder, name);
  const { signal = defaultStop.signal, within = defaultStop.within } = file.stop ?? {};
  let port: number | undefined;
  return {
    name,
    service,
    // Whatever it ended by: whoever runs it in production starts it again.
    afterExit: () => 'start again',
    async start() {
      mkdirSync(stateDir, { recursive: true });
      if (wantsPort(file)) port ??= await freePort();
      const facts = { brokers: options.brokers(), access, service, instance, stateDir, port, path: systemPath(), home: process.env.HOME };
      const line = watchForLine(file.ready?.log);
      const group = await startGroup({
        command: processCommand(file, facts),
        cwd: folder,
        env: processEnvironment(file, facts),
        log: (stream) => {
          line.watch(stream);
          options.log(stream);
        },
      });
      const over = new AbortController();
      const exited = group.exited.finally(() => over.abort());
      const candidate = { name, runs: true, port, sinceMs: Date.now() };
      const isReady = async (): Promise<boolean> => {
        // A group counts its members, whoever they are: as many as should run.
        const others = Math.max(0, options.wanted() - 1);
        const membersOf: MembersOf = async (of) => (await options.membersOf(of)) - others;
        return (await waitsFor(file, [{ ...candidate, logged: line.wasSeen() }], membersOf)) === undefined;
      };
      const ready = untilReady(isReady, over.signal, () => exited.then(describeExit)).then(() => ({ port: port ?? null }));
      ready.catch(() => {});
      return {
        pid: group.pid,
        ready,
        exited,
        stop: () => stopProcess({ exited, kill: (of) => group.signal(of === 'SIGTERM' ? signal : of) }, ms(within as StringValue)),
        kill: () => group.signal('SIGKILL'),
      } satisfies Run;
    },
    async check(now) {
      const path = file.ready?.http;
      return path === undefined || (await answersOk(`http://127.0.0.1:${now}${path}`)) ? null : `${path} does not answer`;
    },
  };
}

async function untilReady(isReady: () => Promise<boolean>, over: AbortSignal, ending: () => Promise<string>): Promise<void> {
  while (!(await isReady())) {
    await delay(readyEveryMs, undefined, { signal: over }).catch(() => {});
    if (over.aborted) throw new ReplaygroundError('service-ended', await ending());
  }
}

/** Whether a line that fits was written, by any of its streams. */
function watchForLine(pattern: string | undefined): { watch: (stream: Readable) => void; wasSeen: () => boolean } {
  const wanted = pattern === undefined ? undefined : new RegExp(pattern);
  let seen = false;
  return {
    wasSeen: () => seen,
    watch(stream) {
      if (!wanted) return;
      let rest = '';
      const look = (chunk: Buffer): void => {
        const text = rest + chunk.toString('utf8');
        // A line may come in pieces.
        rest = text.slice(text.lastIndexOf('\n') + 1).slice(-longestLine);
        seen ||= wanted.test(text);
        if (seen) stream.off('data', look);
      };
      stream.on('data', look);
    },
  };
}

const longestLine = 8192;
