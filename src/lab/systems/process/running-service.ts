/** One service of a running system: its processes, how many of them there are to be, and whether they are ready. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import ms, { type StringValue } from 'ms';
import { ReplaygroundError } from '../../../kafka/errors.ts';
import { freePort } from '../../broker/ports.ts';
import { wantsPort } from '../file/check-system.ts';
import { instancesOf } from '../file/describe-system.ts';
import type { ServiceFile } from '../file/system-schema.ts';
import { type BoundedLog, openBoundedLog } from './bounded-log.ts';
import { Instance } from './instance.ts';
import { processCommand, processEnvironment } from './process-environment.ts';
import { type MembersOf, waitsFor } from './readiness.ts';
import { defaultStop } from './system-program.ts';
import { systemPath } from './toolchain.ts';

export type ServiceOptions = {
  name: string;
  file: ServiceFile;
  /** The system's: commands are run in it. */
  folder: string;
  brokers: string;
  /** Variables by which its processes are let in there. */
  access?: Readonly<Record<string, string>>;
  /** Gets a folder for each process. */
  stateFolder: string;
  logFolder: string;
  membersOf: MembersOf;
};

const readyWithinMs = 60_000;
const readyEveryMs = 200;
/** So often may a process end before it was ready at the start. */
const mostEndsAtStart = 3;

type Slot = { instance: Instance; port: number | undefined; log: BoundedLog; isReady: () => boolean };

export class RunningService {
  readonly name: string;
  readonly file: ServiceFile;
  readonly #options: ServiceOptions;
  readonly #slots: Slot[] = [];

  constructor(options: ServiceOptions) {
    this.name = options.name;
    this.file = options.file;
    this.#options = options;
  }

  get start(): number {
    return instancesOf(this.file).start;
  }

  get most(): number {
    return instancesOf(this.file).most;
  }

  /** All that ever ran, in the order of their numbers. */
  get instances(): readonly Instance[] {
    return this.#slots.map(({ instance }) => instance);
  }

  /** How many are to run now. */
  get count(): number {
    return this.instances.filter(({ state }) => state !== 'stopped').length;
  }

  /** @returns an instance by its number, from 1 */
  instance(number: number): Instance | undefined {
    return this.#slots[number - 1]?.instance;
  }

  /** Port of the first process. */
  get port(): number | undefined {
    return this.#slots[0]?.port;
  }

  /** Starts those that are missing and stops those that are too many; the last ones first. */
  async scale(count: number): Promise<void> {
    for (let number = 1; number <= count; number += 1) {
      this.#slots[number - 1] ??= await this.#newSlot(number);
      this.instance(number)?.start();
    }
    await Promise.all(this.instances.slice(count).map((instance) => instance.stop()));
  }

  /**
   * Settles when all processes are ready in the way that system.yaml names.
   * @throws ReplaygroundError `system-not-started`: they end, or are not ready in a minute
   */
  async untilReady(signal: AbortSignal): Promise<void> {
    const end = Date.now() + readyWithinMs;
    for (;;) {
      signal.throwIfAborted();
      const waitsFor = await this.#notReady();
      if (waitsFor === undefined) return;
      const dying = this.instances.find(({ troubles }) => troubles.times >= mostEndsAtStart);
      if (dying) throw notStarted(dying, `it ended ${dying.troubles.times} times: ${dying.troubles.last}`);
      if (Date.now() > end)
        throw notStarted(this.instances[0] as Instance, `not ready after ${readyWithinMs / 1000} s: it waits for ${waitsFor}`);
      await delay(readyEveryMs, undefined, { signal });
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.instances.map((instance) => instance.stop()));
  }

  /** SIGKILL to all that is left; nothing of it runs afterwards. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.instances.map((instance) => instance.end()));
    await Promise.all(this.#slots.map(({ log }) => log[Symbol.asyncDispose]()));
  }

  async #newSlot(number: number): Promise<Slot> {
    const { name, file, folder, brokers, access = {}, stateFolder, logFolder } = this.#options;
    const instanceName = `${name}.${number}`;
    const stateDir = join(stateFolder, instanceName);
    mkdirSync(stateDir, { recursive: true });
    const port = wantsPort(file) ? await freePort() : undefined;
    const pattern = file.ready?.log === undefined ? undefined : new RegExp(file.ready.log);
    let isReady = false;
    const log = openBoundedLog(logFolder, instanceName, (text) => {
      isReady ||= pattern?.test(text) ?? false;
    });
    const facts = { brokers, access, service: name, instance: number, stateDir, port, path: systemPath(), home: process.env.HOME };
    const { signal = defaultStop.signal, within = defaultStop.within } = file.stop ?? {};
    const instance = new Instance({
      name: instanceName,
      command: processCommand(file, facts),
      cwd: folder,
      env: processEnvironment(file, facts),
      log,
      stop: { signal: signal as NodeJS.Signals, withinMs: ms(within as StringValue) },
    });
    return { instance, port, log, isReady: () => isReady };
  }

  /** @returns what is waited for; nothing when all are ready */
  #notReady(): Promise<string | undefined> {
    const slots = this.#slots.filter(({ instance }) => instance.state !== 'stopped');
    const candidates = slots.map(({ instance: { name, state, lives }, isReady, port }) => ({
      name,
      runs: state === 'running',
      logged: isReady(),
      port,
      sinceMs: lives.at(-1)?.fromMs ?? Date.now(),
    }));
    return waitsFor(this.file, candidates, this.#options.membersOf);
  }
}

function notStarted({ name, lastWords, logFile }: Instance, why: string): ReplaygroundError {
  const said = lastWords === '' ? 'it wrote nothing' : `it wrote: ${lastWords}`;
  return new ReplaygroundError('system-not-started', `${name} does not start: ${why}; ${said} (log: ${logFile})`);
}
