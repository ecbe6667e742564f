/**
 * Questions to the broker that must not end the process that asks, so a helper process asks them. The client's admin calls crash
 * (1.10.1): `describeGroups` with SIGSEGV whenever the coordinator answers with an error (always on a broker that has no groups
 * yet), others with a failed assertion when they time out while a broker goes away (librdkafka #4605, open).
 */

import { type ChildProcess, fork } from 'node:child_process';
import { extname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { GroupDescription } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import type { TopicFacts } from '../admin/topic-change.ts';
import type { TopicConfigAnswer } from '../admin/topic-configs.ts';
import type { ClientConfig } from '../client/connect.ts';
import { type ErrorMessage, fromErrorMessage } from '../errors.ts';
import type { Partition } from '../partition.ts';

/** An offset, or why there is none. */
export type OffsetAnswer = Partition & { offset: number | undefined; error: string | undefined };

/**
 * Which offset of a partition: its first, its end (high watermark), how far readers of committed records get (last stable offset), or the first at
 * or after a time (ms since 1970).
 */
export type OffsetAt = 'earliest' | 'latest' | 'stable' | number;

/** All can be asked again when the answer got lost. */
export type Questions = {
  listTopics: () => string[];
  /** The partitions of those of the topics that exist. */
  partitionsOf: (topics: readonly string[]) => Partition[];
  /** The topics, with their ids: all of them must exist. */
  topicFacts: (topics: readonly string[]) => TopicFacts[];
  /** How the topics are configured, one answer each. */
  topicConfigs: (topics: readonly string[]) => TopicConfigAnswer[];
  /** One answer per partition, in their order; an offset of -1 for a time after the last record. */
  offsets: (partitions: readonly Partition[], at: OffsetAt) => OffsetAnswer[];
  /** The partitions with a commit; `requireStable` waits for transactions of the group that are under way (KIP-447). */
  committed: (group: string, requireStable: boolean) => (Partition & { offset: number })[];
  /** A group that does not exist is described as dead. */
  describeGroup: (group: string) => GroupDescription;
  /** Removes all commits of a group without members. */
  deleteGroup: (group: string) => void;
};

/** The configuration travels with the request, not on the command line: it may hold a password. */
export type Request = { id: number; config: ClientConfig; question: keyof Questions; args: unknown[] };
export type Reply = { id: number; answer?: unknown; error?: ErrorMessage };

/** The same ending as this file: `.ts` here, `.js` once compiled. */
const file = join(import.meta.dirname, `inspector-process${extname(import.meta.filename)}`);
const retryAfterMs = 200;
const keepTryingMs = 8000;

export class KafkaInspector implements Disposable {
  readonly #config: ClientConfig;
  readonly #waiting = new Map<number, (reply: Reply) => void>();
  #child: ChildProcess | undefined;
  #lastId = 0;
  #closed = false;

  /** @param config librdkafka's configuration, see `clientConfig`; nothing is started before the first question */
  constructor(config: ClientConfig) {
    this.#config = config;
  }

  /** The helper process, while there is one. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /**
   * Asks, again for some seconds where that can help, with a new helper process when the last one crashed.
   * @throws ReplaygroundError `kafka-error`, `kafka-deadline`
   */
  async ask<Q extends keyof Questions>(question: Q, ...args: Parameters<Questions[Q]>): Promise<ReturnType<Questions[Q]>> {
    const end = Date.now() + keepTryingMs;
    for (;;) {
      const { answer, error } = await this.#send(question, args);
      if (!error) return answer as ReturnType<Questions[Q]>;
      if (!error.retriable || this.#closed || Date.now() > end) {
        throw fromErrorMessage(error);
      }
      await sleep(retryAfterMs);
    }
  }

  /** Ends the helper process; what is being asked fails. */
  [Symbol.dispose](): void {
    this.#closed = true;
    this.#child?.kill('SIGKILL');
  }

  #send(question: keyof Questions, args: unknown[]): Promise<Reply> {
    this.#lastId += 1;
    const id = this.#lastId;
    if (this.#closed) return Promise.resolve({ id, error: failure('closed meanwhile') });
    const { promise, resolve } = Promise.withResolvers<Reply>();
    this.#waiting.set(id, resolve);
    const request: Request = { id, config: this.#config, question, args };
    this.#start().send(request, (error) => error && this.#settle({ id, error: failure(error.message) }));
    return promise;
  }

  #start(): ChildProcess {
    if (this.#child) return this.#child;
    const child = fork(file, { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    child.on('message', (reply: Reply) => this.#settle(reply));
    child.on('exit', (code, signal) => this.#gone(child, `Kafka did not answer (${signal ?? `exit code ${code}`})`));
    child.on('error', (error) => this.#gone(child, error.message));
    this.#child = child;
    return child;
  }

  #gone(child: ChildProcess, message: string): void {
    if (this.#child !== child) return;
    this.#child = undefined;
    for (const id of [...this.#waiting.keys()]) this.#settle({ id, error: failure(message) });
  }

  #settle(reply: Reply): void {
    this.#waiting.get(reply.id)?.(reply);
    this.#waiting.delete(reply.id);
  }
}

const failure = (message: string): ErrorMessage => ({ message, code: 'kafka-error', retriable: true });
