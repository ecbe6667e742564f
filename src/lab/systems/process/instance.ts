/** Keeps one process of a system running, as whatever runs it in production would: started again when it dies, until it is to stop. */
import { setTimeout as delay } from 'node:timers/promises';
import { stopProcess } from '../../broker/stop.ts';
import { backOffMs, crashesInARow } from '../../supervisor/back-off.ts';
import { describeExit } from '../../supervisor/program.ts';
import type { BoundedLog } from './bounded-log.ts';
import { type ProcessGroup, startGroup } from './process-group.ts';

/** One run of the process: `toMs` and `end` once it is over. Times in ms since 1970. */
export type Life = { pid: number; fromMs: number; toMs?: number; end?: string };

export type InstanceState = 'stopped' | 'running' | 'frozen' | 'waiting';

export type InstanceOptions = {
  /** `invoicer.1` */
  name: string;
  command: readonly string[];
  cwd: string;
  env: Record<string, string>;
  log: BoundedLog;
  stop: { signal: NodeJS.Signals; withinMs: number };
};

export class Instance {
  readonly name: string;
  readonly lives: Life[] = [];
  readonly #options: InstanceOptions;
  #group: ProcessGroup | undefined;
  #frozen = false;
  #wanted: AbortController | undefined;
  #over: Promise<void> = Promise.resolve();
  #failure: string | undefined;
  #wordsBefore: string[] = [];

  constructor(options: InstanceOptions) {
    this.name = options.name;
    this.#options = options;
  }

  get state(): InstanceState {
    if (!this.#wanted || this.#wanted.signal.aborted) return 'stopped';
    if (!this.#group) return 'waiting';
    return this.#frozen ? 'frozen' : 'running';
  }

  /** How often it ended though nobody asked it to, and how the last time; or why it could not even be started. */
  get troubles(): { times: number; last: string | undefined } {
    const ended = this.lives.filter(({ end }) => end !== undefined && !end.endsWith('(by the lab)'));
    return { times: ended.length, last: this.#failure ?? ended.at(-1)?.end };
  }

  /** The last lines that it wrote, for a message; those of the life before where that has ended. */
  get lastWords(): string {
    const words = this.#wordsBefore.length > 0 && this.#group ? this.#wordsBefore : this.#options.log.tail();
    return words.join(' | ').slice(-300);
  }

  get logFile(): string {
    return this.#options.log.file;
  }

  /** Nothing happens when it runs already. */
  start(): void {
    if (this.state !== 'stopped') return;
    const wanted = new AbortController();
    this.#wanted = wanted;
    this.#over = this.#over.then(() => this.#live(wanted.signal));
  }

  /** Settles when it is gone; after the given time it is killed. */
  async stop(): Promise<void> {
    this.#wanted?.abort();
    this.thaw();
    const group = this.#group;
    if (group) {
      const { signal, withinMs } = this.#options.stop;
      this.#options.log.note(`${signal}, to stop it`);
      this.#mark(`${signal} (by the lab)`);
      const kill = (name: NodeJS.Signals): void => group.signal(name === 'SIGTERM' ? signal : name);
      await stopProcess({ exited: group.exited, kill }, withinMs);
    }
    await this.#over;
  }

  /** SIGKILL to all of its group; it is started again. @returns whether there was something to kill */
  async kill(): Promise<boolean> {
    const group = this.#group;
    if (!group) return false;
    this.#options.log.note('SIGKILL');
    this.#mark('SIGKILL (by the lab)');
    this.#frozen = false;
    group.signal('SIGKILL');
    await group.exited;
    return true;
  }

  /** SIGKILL, for good. */
  async end(): Promise<void> {
    this.#wanted?.abort();
    await this.kill();
    await this.#over;
  }

  /** SIGSTOP to all of its group. @returns whether there was something to stop */
  freeze(): boolean {
    if (this.state !== 'running') return false;
    this.#options.log.note('SIGSTOP');
    this.#frozen = true;
    this.#group?.signal('SIGSTOP');
    return true;
  }

  thaw(): void {
    if (!this.#frozen) return;
    this.#options.log.note('SIGCONT');
    this.#frozen = false;
    this.#group?.signal('SIGCONT');
  }

  #mark(end: string): void {
    const life = this.lives.at(-1);
    if (life && life.toMs === undefined) life.end = end;
  }

  async #live(stopped: AbortSignal): Promise<void> {
    let crashes = 0;
    while (!stopped.aborted) {
      const fromMs = Date.now();
      await this.#runOnce(fromMs);
      if (stopped.aborted) return;
      crashes = crashesInARow(crashes, Date.now() - fromMs);
      await delay(backOffMs(crashes), undefined, { signal: stopped }).catch(() => {});
      crashes += 1;
    }
  }

  async #runOnce(fromMs: number): Promise<void> {
    const { log } = this.#options;
    this.#wordsBefore = log.tail();
    try {
      const group = await startGroup({ ...this.#options, log: (stream) => log.pipe(stream) });
      this.#group = group;
      const life: Life = { pid: group.pid, fromMs };
      this.lives.push(life);
      log.note(`started, pid ${group.pid}`);
      if (this.#wanted?.signal.aborted) group.signal('SIGKILL');
      const exit = await group.exited;
      life.toMs = Date.now();
      life.end ??= describeExit(exit);
      this.#failure = undefined;
      log.note(`it ended: ${describeExit(exit)}`);
    } catch (error) {
      this.#failure = `it cannot be started: ${(error as Error).message}`;
      this.lives.push({ pid: 0, fromMs, toMs: fromMs, end: this.#failure });
      log.note(this.#failure);
    } finally {
      this.#group = undefined;
      this.#frozen = false;
    }
  }
}
