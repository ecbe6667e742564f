/** How near retention is, for `./lab lag`: asks and reads what `retention.ts` computes from. */
import type { BridgeConsumer } from '../../kafka/bridge/bridge-consumer.ts';
import type { GroupState } from '../../kafka/groups/group-state.ts';
import { groupLag } from '../../kafka/groups/lag.ts';
import { type RetentionUse, retentionLimits, retentionUse } from '../../kafka/groups/retention.ts';
import { partitionKey } from '../../kafka/partition.ts';
import { connectForTimes, readRecordTimes } from '../../kafka/reading/record-times.ts';
import { note } from '../../lab/terminal/output.ts';
import type { KafkaClients } from '../client/kafka-clients.ts';

/** By `partitionKey`; only where there is lag that retention will delete by its age. */
export type Retention = ReadonlyMap<string, RetentionUse>;

/** The consumer is opened by the first record that is to be looked at, and kept. */
export class RetentionLook implements AsyncDisposable {
  readonly #kafka: Pick<KafkaClients, 'config' | 'inspector'>;
  #consumer: BridgeConsumer | undefined;

  constructor(kafka: Pick<KafkaClients, 'config' | 'inspector'>) {
    this.#kafka = kafka;
  }

  /** @returns how near it is for this group; what cannot be told is noted and left out: lag can be shown without */
  async at({ partitions }: GroupState): Promise<Retention> {
    const behind = partitions.flatMap(({ topic, partition, committed, start, end }) => {
      const offset = committed ?? start;
      return offset !== undefined && groupLag({ committed, start, end }) ? [{ topic, partition, offset }] : [];
    });
    try {
      return await this.#read(behind);
    } catch (error) {
      note(`lab: how near retention is cannot be told: ${(error as Error).message}`);
      return new Map();
    }
  }

  async #read(behind: readonly { topic: string; partition: number; offset: number }[]): Promise<Retention> {
    const answers = await this.#kafka.inspector.ask('topicConfigs', [...new Set(behind.map(({ topic }) => topic))]);
    for (const { topic, error } of answers) if (error) note(`lab: how near retention is cannot be told for ${topic}: ${error}`);
    const limits = new Map(answers.map(({ topic, configs }) => [topic, retentionLimits(configs)]));
    const limited = behind.filter(({ topic }) => (limits.get(topic)?.ms ?? null) !== null);
    if (limited.length === 0) return new Map();
    this.#consumer ??= await connectForTimes(this.#kafka.config);
    const times = await readRecordTimes(this.#consumer, limited);
    const nowMs = Date.now();
    const uses = times.flatMap((one) => {
      const of = limits.get(one.topic);
      const use = of ? retentionUse(of, one.atMs, nowMs) : null;
      return use ? [[partitionKey(one), use] as const] : [];
    });
    return new Map(uses);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#consumer?.[Symbol.asyncDispose]();
  }
}
