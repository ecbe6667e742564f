/** Writes dead letters outside a transaction, each once: what is in the dead-letter topic already says what was written. */
import type { KafkaConsumer, Message, Producer } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { headerValue } from '../events/cloud-events.ts';
import { deadLetterTopic } from '../events/topics.ts';
import { ask } from './ask.ts';
import { errorHeaderPrefix } from './dead-letter.ts';
import type { Output } from './exactly-once.ts';
import { readToEnd } from './read-to-end.ts';

const deadlineMs = 15_000;

export class DeadLetterWriter {
  readonly #topic: string;
  readonly #producer: Producer;
  readonly #reader: KafkaConsumer;
  /** Per partition of the topic, the last offset whose dead letter is written: they are written in order. */
  readonly #written = new Map<number, number>();

  /**
   * @param topic the topic whose records may turn out unreadable
   * @param producer connected, with `dr_cb`
   * @param reader reads the dead-letter topic, see `connectReader`
   */
  constructor(topic: string, producer: Producer, reader: KafkaConsumer) {
    this.#topic = topic;
    this.#producer = producer;
    this.#reader = reader;
    producer.setPollInterval(10);
  }

  /** Learns what earlier lives and other members wrote; call before the first record of a new assignment. */
  async restore(): Promise<void> {
    this.#written.clear();
    await readToEnd(this.#reader, [{ topic: deadLetterTopic(this.#topic), partition: 0, offset: 0 }], (letters) => {
      for (const letter of letters) this.#note(letter);
    });
  }

  /** @returns whether the record's dead letter is in the dead-letter topic already */
  isWritten({ partition, offset }: Pick<Message, 'partition' | 'offset'>): boolean {
    return offset <= (this.#written.get(partition) ?? -1);
  }

  /**
   * Writes the letters and waits until the broker has them.
   * @param letters of records in the order of their partitions
   * @throws ReplaygroundError `kafka-error`, `kafka-deadline`: the process must end, a new life learns what was written
   */
  async write(letters: Output[]): Promise<void> {
    if (letters.length === 0) return;
    let missing = letters.length;
    let onReport = (_error: unknown) => {};
    const reports = ask('write the dead letters', deadlineMs, (callback) => {
      onReport = (error) => {
        missing -= 1;
        if (error || missing === 0) callback(error);
      };
      this.#producer.on('delivery-report', onReport);
      for (const letter of letters) {
        this.#producer.produce(letter.topic, letter.partition, letter.value, letter.key, letter.timestamp, undefined, letter.headers);
      }
    });
    await reports.finally(() => this.#producer.off('delivery-report', onReport));
    for (const letter of letters) this.#note(letter);
  }

  #note({ headers }: Pick<Message, 'headers'>): void {
    const field = (name: string) => headerValue(headers, errorHeaderPrefix + name)?.toString();
    if (field('topic') !== this.#topic) return;
    const partition = Number(field('partition'));
    this.#written.set(partition, Math.max(Number(field('offset')), this.#written.get(partition) ?? -1));
  }
}
