/** What the Kafka clients of this process say of themselves, whichever kind they are: a channel for whoever keeps a log. */
import { channel } from 'node:diagnostics_channel';

/** A line of librdkafka's log, or an error of a client as a whole. */
export type ClientWord = {
  /** As in syslog: 3 is an error, 4 a warning. */
  level: number;
  /** librdkafka's error code, negative ones are local; 0 for a line of its log. */
  code: number;
  /** What librdkafka's log calls the kind of a line: `FAIL` for a connection; empty for an error. */
  facility: string;
  text: string;
};

/** librdkafka's _ALL_BROKERS_DOWN: told every second or more often, as long as a client reaches nobody. */
export const allBrokersDown = -187;

/** Clients log up to here; less matters to nobody who does not look for it. */
export const warningLevel = 4;

const words = channel('replayground.kafka.client-words');

/** Called for each client, by those who make clients. */
export const sayWord = (word: ClientWord): void => words.publish(word);

/** @returns ends the listening */
export function hearWords(listener: (word: ClientWord) => void): Disposable {
  const hear = (word: unknown): void => listener(word as ClientWord);
  words.subscribe(hear);
  return { [Symbol.dispose]: () => void words.unsubscribe(hear) };
}

/** @returns librdkafka's configuration with a log that tells warnings, or more where it does already */
export const withWords = <C extends Record<string, unknown>>(config: C): C => ({
  ...config,
  log_level: Math.max(warningLevel, Number(config.log_level ?? 0)),
});
