/** What a command has to say so that it means this lab, and how it is written. Without imports of Node: the page shows commands too. */
import type { Command, Terminal } from '../wire/all.ts';

const plain = /^[A-Za-z0-9_./:=,@%+-]+$/;

/** @returns the text as one word of a POSIX shell */
export const quoted = (text: string): string => (plain.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`);

/** By which the package is called: the same command line as `./lab` in a checkout. */
export const packagedCommand = 'npx replayground';

/** @returns `./lab` with these words, which are quoted already */
export const labLine = ({ labHome, isPackaged = false }: Terminal, words: readonly string[]): string =>
  [...(labHome === null ? [] : [`LAB_HOME=${quoted(labHome)}`]), isPackaged ? packagedCommand : './lab', ...words].join(' ');

/**
 * @param tool of Kafka, without `kafka-` and `.sh`
 * @returns Kafka's own tool as the lab runs it: it is the same one, and needs no installation
 */
export const kafkaLine = (terminal: Terminal, tool: string, words: readonly string[]): string =>
  labLine(terminal, ['kafka', tool, ...(terminal.brokers === null ? [] : ['--bootstrap-server', terminal.brokers]), ...words]);

/** @returns a command without an equal among Kafka's own tools, unless one is given */
export const labCommand = (terminal: Terminal, words: readonly string[], kafka: string | null = null): Command => ({
  lab: labLine(terminal, words),
  kafka,
});

/** @param body sent as JSON */
export const curlLine = (url: string, body: object): string =>
  `curl -X POST ${url} -H 'content-type: application/json' -d ${quoted(JSON.stringify(body))}`;

/** @returns a record written by Kafka's own producer; the key must not contain `|` */
export const produceLine = (terminal: Terminal, topic: string, key: string, value: string): string => {
  const words = ['--topic', quoted(topic), '--reader-property', 'parse.key=true', '--reader-property', "key.separator='|'"];
  return `echo ${quoted(`${key}|${value}`)} | ${kafkaLine(terminal, 'console-producer', words)}`;
};
