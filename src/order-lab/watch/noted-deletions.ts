/** Keeps what inventory noted as deleted before it had read it; asks again only when there may be something new. */
import { isDeepStrictEqual } from 'node:util';
import type { DeletedUnread } from '../../kafka/groups/deleted-unread.ts';
import { partitionKey } from '../../kafka/partition.ts';
import type { KafkaLook } from '../../lab/watch/samples/measurement.ts';
import type { Pipeline } from '../wire/all.ts';
import { unreadGaps } from './order-balance.ts';

export type NotedDeletions = (of: { group: string; topic: string }) => Promise<DeletedUnread[]>;

export class DeletionLook {
  readonly #pipeline: Pick<Pipeline, 'ordersTopic' | 'inventoryGroup'>;
  readonly #ask: NotedDeletions;
  /** Where the log of each partition began, and whether what was gone had been noted, when it was asked last. */
  #beginnings: number[] = [];
  #isOpen = false;
  noted: DeletedUnread[] = [];

  constructor(pipeline: Pick<Pipeline, 'ordersTopic' | 'inventoryGroup'>, ask: NotedDeletions) {
    this.#pipeline = pipeline;
    this.#ask = ask;
  }

  /** @param kafka the last look at Kafka */
  async look(kafka: KafkaLook | undefined): Promise<void> {
    const { ordersTopic: topic, inventoryGroup: group } = this.#pipeline;
    const partitions = kafka?.partitions.filter((one) => one.topic === topic) ?? [];
    const beginnings = partitions.map((one) => kafka?.beginnings.get(partitionKey(one)) ?? 0);
    if (beginnings.every((offset) => offset === 0)) {
      // A topic that was made anew is another log.
      this.noted = [];
      this.#beginnings = [];
      return;
    }
    if (!this.#isOpen && isDeepStrictEqual(beginnings, this.#beginnings)) return;
    this.noted = await this.#ask({ group, topic });
    this.#beginnings = beginnings;
    // The group notes it before it commits beyond: as long as its commit stands before the beginning, the note may be still to come.
    const committed = kafka?.committed.get(group);
    const commits = partitions.flatMap((one) => {
      const offset = committed?.get(partitionKey(one));
      return offset === undefined ? [] : [{ ...one, offset }];
    });
    this.#isOpen = unreadGaps(commits, kafka?.beginnings ?? new Map()).length > 0;
  }
}
