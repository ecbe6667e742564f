/**
 * Runs jobs in a process of their own: what reads much or uses the client's consumers and producers must neither block nor end the
 * lab. The process starts with the first job and ends when nobody needed it for a while.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { extname, join } from 'node:path';
import { type ErrorMessage, fromErrorMessage, ReplaygroundError } from '../../kafka/errors.ts';
import type { Settings } from '../../pipeline/settings/declarations.ts';
import type { Jobs } from './all-jobs.ts';

export type JobName = keyof Jobs;
type Args<J extends JobName> = Parameters<Jobs[J]>[1];
type Result<J extends JobName> = Awaited<ReturnType<Jobs[J]>>;

/** The settings travel with each request, not on the command line: they may hold a password. */
export type WorkRequest = { id: number; job: JobName; settings: Settings; args: unknown } | { id: number; abort: true };
export type WorkReply = { id: number; progress: number } | { id: number; result?: unknown } | { id: number; error: ErrorMessage };

export type RunOptions = { onProgress?: (done: number) => void; signal?: AbortSignal };
type Waiting = { answer: PromiseWithResolvers<unknown>; onProgress: ((done: number) => void) | undefined };

/** The same ending as this file: `.ts` here, `.js` once compiled. */
const file = join(import.meta.dirname, `worker-process${extname(import.meta.filename)}`);

export class Worker implements Disposable {
  readonly #settings: () => Settings;
  readonly #idleMs: number;
  readonly #waiting = new Map<number, Waiting>();
  #child: ChildProcess | undefined;
  #idle: NodeJS.Timeout | undefined;
  #lastId = 0;
  #closed = false;

  /**
   * @param settings where Kafka is, asked for with each job
   * @param idleMs the process ends when there was no job for so long
   */
  constructor(settings: () => Settings, idleMs: number) {
    this.#settings = settings;
    this.#idleMs = idleMs;
  }

  /** The process that runs the jobs, if there is one now. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /**
   * @returns what the job gives
   * @throws ReplaygroundError the job's own, or `worker-ended` when its process crashed
   */
  async run<J extends JobName>(job: J, args: Args<J>, { onProgress, signal }: RunOptions = {}): Promise<Result<J>> {
    if (this.#closed) throw new ReplaygroundError('lab-stopping', 'the lab is stopping');
    clearTimeout(this.#idle);
    this.#lastId += 1;
    const id = this.#lastId;
    const answer = Promise.withResolvers<unknown>();
    this.#waiting.set(id, { answer, onProgress });
    const child = this.#start();
    const abort = (): void => void child.send({ id, abort: true } satisfies WorkRequest);
    signal?.addEventListener('abort', abort, { once: true });
    child.send({ id, job, settings: this.#settings(), args } satisfies WorkRequest, (error) => error && this.#fail(id, error.message));
    try {
      return (await answer.promise) as Result<J>;
    } finally {
      signal?.removeEventListener('abort', abort);
      this.#waiting.delete(id);
      if (this.#waiting.size === 0) this.#idle = setTimeout(() => this.#child?.kill('SIGKILL'), this.#idleMs).unref();
    }
  }

  /** Ends the process; what runs fails. */
  [Symbol.dispose](): void {
    this.#closed = true;
    clearTimeout(this.#idle);
    this.#child?.kill('SIGKILL');
  }

  #start(): ChildProcess {
    if (this.#child) return this.#child;
    const child = fork(file, { stdio: ['ignore', 'ignore', 'ignore', 'ipc'], env: { ...process.env, UV_THREADPOOL_SIZE: '8' } });
    child.on('message', (reply: WorkReply) => this.#take(reply));
    child.on('exit', (code, signal) => this.#gone(child, signal ?? `exit code ${code}`));
    child.on('error', (error) => this.#gone(child, error.message));
    this.#child = child;
    return child;
  }

  #take(reply: WorkReply): void {
    const waiting = this.#waiting.get(reply.id);
    if (!waiting) return;
    if ('progress' in reply) waiting.onProgress?.(reply.progress);
    else if ('error' in reply) waiting.answer.reject(fromErrorMessage(reply.error));
    // A job that gives nothing has no `result` in its reply: JSON leaves it out.
    else waiting.answer.resolve(reply.result);
  }

  #gone(child: ChildProcess, why: string): void {
    if (this.#child !== child) return;
    this.#child = undefined;
    for (const id of [...this.#waiting.keys()]) this.#fail(id, `the process that works for the page ended (${why}): try again`);
  }

  #fail(id: number, message: string): void {
    this.#waiting.get(id)?.answer.reject(new ReplaygroundError('worker-ended', message, { retriable: true }));
  }
}
