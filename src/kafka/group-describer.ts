/**
 * Who is in a group, asked in a process of its own. The client's `describeGroups` crashes the process (SIGSEGV, 1.10.1) whenever
 * the coordinator answers with an error: always on a broker that has no groups yet, and while a broker restarts.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { extname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { GroupDescription } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { ReplaygroundError } from '../errors.ts';
import type { ClientConfig } from './connect.ts';

/** The configuration travels with the request, not on the command line: it may hold a password. */
export type DescribeRequest = { id: number; config: ClientConfig; groups: string[]; timeoutMs: number };
export type DescribeAnswer = { id: number; groups?: GroupDescription[]; error?: string };

/** The same ending as this file: `.ts` here, `.js` once compiled. */
const file = join(import.meta.dirname, `group-describer-process${extname(import.meta.filename)}`);
const retryAfterMs = 200;

export class GroupDescriber implements Disposable {
  readonly #config: ClientConfig;
  readonly #waiting = new Map<number, (answer: DescribeAnswer) => void>();
  #child: ChildProcess | undefined;
  #lastId = 0;
  #closed = false;

  /** @param config librdkafka's configuration, see `clientConfig` */
  constructor(config: ClientConfig) {
    this.#config = config;
  }

  /**
   * @param groups names of groups; one that does not exist has the state "dead"
   * @param timeoutMs how long to try, over crashes of the helper process (ms)
   * @returns a description of each
   * @throws ReplaygroundError `kafka-error`
   */
  async describe(groups: string[], timeoutMs: number): Promise<GroupDescription[]> {
    const end = Date.now() + timeoutMs;
    for (;;) {
      const answer = await this.#ask(groups, Math.max(1000, end - Date.now()));
      if (answer.groups) return answer.groups;
      if (this.#closed || Date.now() + retryAfterMs > end) {
        throw new ReplaygroundError('kafka-error', `could not describe ${groups.join(', ')}: ${answer.error}`, { retriable: true });
      }
      await sleep(retryAfterMs);
    }
  }

  /** Ends the helper process; what is being asked fails. */
  [Symbol.dispose](): void {
    this.#closed = true;
    this.#child?.kill('SIGKILL');
  }

  #ask(groups: string[], timeoutMs: number): Promise<DescribeAnswer> {
    if (this.#closed) return Promise.resolve({ id: 0, error: 'closed meanwhile' });
    const { promise, resolve } = Promise.withResolvers<DescribeAnswer>();
    this.#lastId += 1;
    const id = this.#lastId;
    this.#waiting.set(id, resolve);
    const request: DescribeRequest = { id, config: this.#config, groups, timeoutMs };
    this.#start().send(request, (error) => error && this.#settle({ id, error: error.message }));
    return promise;
  }

  #start(): ChildProcess {
    if (this.#child) return this.#child;
    const child = fork(file, { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    child.on('message', (answer: DescribeAnswer) => this.#settle(answer));
    child.on('exit', (_code, signal) => this.#gone(child, `its coordinator is not ready (${signal ?? 'exit'})`));
    child.on('error', (error) => this.#gone(child, error.message));
    this.#child = child;
    return child;
  }

  #gone(child: ChildProcess, error: string): void {
    if (this.#child === child) this.#child = undefined;
    for (const id of [...this.#waiting.keys()]) this.#settle({ id, error });
  }

  #settle(answer: DescribeAnswer): void {
    this.#waiting.get(answer.id)?.(answer);
    this.#waiting.delete(answer.id);
  }
}
