/** A share of the ledger's partitions, read by a process of its own: making records into objects keeps one processor busy. */
import { type ChildProcess, fork } from 'node:child_process';
import { extname, join } from 'node:path';
import type { ClientConfig } from '../../kafka/connect.ts';
import { type ErrorMessage, fromErrorMessage, ReplaygroundError } from '../../kafka/errors.ts';
import type { Range } from '../../kafka/partition.ts';
import type { Tally } from './books.ts';
import type { LedgerTopics } from './entry.ts';

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

/** How many records are read so far; in the end what they came to, or why it failed. */
export type ShareReport = { read: number } | { tally: Tally } | { error: ErrorMessage };

/** The same ending as this file: `.ts` here, `.js` once compiled. */
const file = join(import.meta.dirname, `share-process${extname(import.meta.filename)}`);

/**
 * @param task what to read
 * @param onRead told now and then how many records are read
 * @param signal ends it early
 * @returns what was counted; the entries are in the folder
 * @throws ReplaygroundError those of `readUpTo`, `ledger-reader-died`; the reason of `signal`
 */
export async function readShare(task: ShareTask, onRead: (records: number) => void, signal?: AbortSignal): Promise<Tally> {
  signal?.throwIfAborted();
  const child = fork(file, { stdio: ['ignore', 'ignore', 'ignore', 'ipc'], serialization: 'advanced' });
  const stop = (): void => void child.kill('SIGKILL');
  signal?.addEventListener('abort', stop);
  try {
    return await tallyOf(child, task, onRead);
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener('abort', stop);
    stop();
  }
}

function tallyOf(child: ChildProcess, task: ShareTask, onRead: (records: number) => void): Promise<Tally> {
  const { promise, resolve, reject } = Promise.withResolvers<Tally>();
  child.on('message', (report: ShareReport) => {
    if ('read' in report) onRead(report.read);
    else if ('tally' in report) resolve(report.tally);
    else reject(fromErrorMessage(report.error));
  });
  const died = (why: string): void => reject(new ReplaygroundError('ledger-reader-died', `a reader of the ledger ended early: ${why}`));
  child.on('exit', (code, killedBy) => died(killedBy ?? `exit code ${code}`));
  child.on('error', (error) => died(error.message));
  child.send(task, (error) => error && died(error.message));
  return promise;
}
