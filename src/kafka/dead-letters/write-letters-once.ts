/** Writes dead letters outside a transaction, each once: what is in the dead-letter topic already says what was written. */
import type { Message } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { deadLetterTopic } from '../admin/side-topics.ts';
import type { BridgeConsumer } from '../bridge/bridge-consumer.ts';
import type { BridgeProducer } from '../bridge/bridge-producer.ts';
import { readToEnd } from '../reading/read-to-end.ts';
import type { Output } from '../record/output.ts';
import type { PassedOver } from '../stalls/unreadable.ts';
import { identitiesOf, identityOfLetter } from './letter-identity.ts';
import { sendConceding } from './send-conceding.ts';

export class DeadLetterWriter {
  readonly #topic: string;
  readonly #producer: BridgeProducer;
  readonly #reader: BridgeConsumer;
  /** The letters that are there, by what they hold: what a stranger wrote there hides no record of ours. */
  readonly #written = new Set<string>();

  /**
   * @param topic the topic whose records may turn out unreadable
   * @param producer opened with `sendingConfig`
   * @param reader reads the dead-letter topic, see `connectReader`
   */
  constructor(topic: string, producer: BridgeProducer, reader: BridgeConsumer) {
    this.#topic = topic;
    this.#producer = producer;
    this.#reader = reader;
  }

  /**
   * Learns what earlier lives and other members wrote; call before the first record of a new assignment.
   * @param onPassedOver told of letters that cannot be opened: they are as good as not written
   */
  async restore(onPassedOver: (one: PassedOver) => void): Promise<void> {
    this.#written.clear();
    const take = (letters: Message[]): void => {
      for (const letter of letters) this.#note(letter);
    };
    await readToEnd(this.#reader, [{ topic: deadLetterTopic(this.#topic), partition: 0, offset: 0 }], take, { onPassedOver });
  }

  /** @returns whether the record's dead letter is in the dead-letter topic already */
  isWritten(record: Message): boolean {
    return identitiesOf(record).some((identity) => this.#written.has(identity));
  }

  /**
   * Writes the letters and waits until the broker has them.
   * @throws ReplaygroundError `refused`, `kafka-error`, `kafka-deadline`: the process must end, a new life learns what was written
   */
  async write(letters: Output[]): Promise<void> {
    await sendConceding(this.#producer, letters);
    for (const letter of letters) this.#note(letter);
  }

  #note(letter: Message | Output): void {
    const identity = identityOfLetter(letter);
    if (identity !== undefined) this.#written.add(identity);
  }
}
