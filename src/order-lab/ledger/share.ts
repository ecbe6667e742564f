/** A share of the ledger's partitions, read by a process of its own, and then a part of all ids judged by it: each keeps a processor busy. */
import { type ChildProcess, fork } from 'node:child_process';
import { extname, join } from 'node:path';
import type { ClientConfig } from '../../kafka/client/connect.ts';
import { type ErrorMessage, fromErrorMessage, ReplaygroundError } from '../../kafka/errors.ts';
import type { Range } from '../../kafka/partition.ts';
import type { Bounds, Part, Tally, Totals } from './books.ts';
import type { LedgerTopics } from './entry.ts';
import type { Conflict, Finding } from './judge-order.ts';

/** It travels as a message, not on the command line: the configuration may hold a password. */
export type ShareTask = {
  config: ClientConfig;
  topics: LedgerTopics;
  /** Records of the whole ledger, about: the same for all shares. */
  expected: number;
  ranges: readonly Range[];
  /** An empty folder for the entries. */
  folder: string;
};

/** What a share has counted, and the folder where its entries are. */
export type ReadShare = { tally: Tally; folder: string };

export type JudgeTask = {
  others: readonly ReadShare[];
  bounds: readonly Bounds[];
  part: Part;
  /** How many findings of each kind are kept, and conflicts. */
  mostFindings: number;
};

/** What one part of the ids came to. */
export type JudgedPart = { totals: Totals; findings: Finding[]; conflicts: Conflict[] };

/** How many records are read so far; what they came to; what a part came to; or why it failed. */
export type ShareReport = { read: number } | { tally: Tally } | { judged: JudgedPart } | { error: ErrorMessage };

/** The same ending as this file: `.ts` here, `.js` once compiled. */
const file = join(import.meta.dirname, `share-process${extname(import.meta.filename)}`);

/** Its process lives from `start` until it is disposed of, or the signal. */
export class Share implements Disposable {
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly #signal: AbortSignal | undefined;
  readonly #tally = Promise.withResolvers<Tally>();
  readonly #judged = Promise.withResolvers<JudgedPart>();

  private constructor(child: ChildProcess, folder: string, signal: AbortSignal | undefined) {
    this.#child = child;
    this.#folder = folder;
    this.#signal = signal;
    signal?.addEventListener('abort', this.#kill);
    // Whoever waits hears of it; nobody has to.
    for (const { promise } of [this.#tally, this.#judged]) promise.catch(() => {});
  }

  /**
   * @param task what to read
   * @param onRead told now and then how many records are read
   * @param signal ends it early
   * @throws the reason of `signal`
   */
  static start(task: ShareTask, onRead: (records: number) => void, signal?: AbortSignal): Share {
    signal?.throwIfAborted();
    const child = fork(file, { stdio: ['ignore', 'ignore', 'ignore', 'ipc'], serialization: 'advanced' });
    const share = new Share(child, task.folder, signal);
    child.on('message', (report: ShareReport) => {
      if ('read' in report) onRead(report.read);
      else if ('tally' in report) share.#tally.resolve(report.tally);
      else if ('judged' in report) share.#judged.resolve(report.judged);
      else share.#fail(fromErrorMessage(report.error));
    });
    child.on('exit', (code, killedBy) => share.#died(killedBy ?? `exit code ${code}`));
    child.on('error', (error) => share.#died(error.message));
    share.#send(task);
    return share;
  }

  /**
   * @returns what was counted, when all is read
   * @throws ReplaygroundError those of `readUpTo`, `ledger-reader-died`; the reason of the signal
   */
  async read(): Promise<ReadShare> {
    return { tally: await this.#answer(this.#tally.promise), folder: this.#folder };
  }

  /**
   * Once, after `read`.
   * @param task what the others have read, and which ids are to be judged
   * @throws ReplaygroundError `ledger-reader-died`; the reason of the signal
   */
  judge(task: JudgeTask): Promise<JudgedPart> {
    this.#send(task);
    return this.#answer(this.#judged.promise);
  }

  [Symbol.dispose](): void {
    this.#signal?.removeEventListener('abort', this.#kill);
    this.#kill();
  }

  readonly #kill = (): void => void this.#child.kill('SIGKILL');

  #send(task: ShareTask | JudgeTask): void {
    this.#child.send(task, (error) => error && this.#died(error.message));
  }

  #died(why: string): void {
    this.#fail(new ReplaygroundError('ledger-reader-died', `a reader of the ledger ended early: ${why}`));
  }

  #fail(error: Error): void {
    this.#tally.reject(error);
    this.#judged.reject(error);
  }

  async #answer<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      this.#signal?.throwIfAborted();
      throw error;
    }
  }
}
