/** The records of a load by their numbers, from what system.yaml says. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Output } from '../../../kafka/record/output.ts';
import type { LoadFile } from '../file/system-schema.ts';
import { CommandLines } from '../process/command-lines.ts';
import { fillText, fillValue } from './fill-template.ts';

export type LoadRecords = Disposable & {
  /** The topic that gets them; undefined where the load goes by HTTP. */
  topic: string | undefined;
  /** @returns the key of a record; null where it has none */
  keyOf: (number: number) => string | null;
  /** Settles when these records are known; the numbers of one load grow. @throws ReplaygroundError `load-failed` */
  reach: (numbers: readonly number[]) => Promise<void>;
  /** @returns the record, which was reached, for the given topic; @param value in the place of its own */
  recordOf: (topic: string, number: number, value?: Buffer) => Output;
};

/** @param folder the system's */
export function loadRecords(load: LoadFile, folder: string): LoadRecords {
  const lines = load.file === undefined ? undefined : linesOf(join(folder, load.file));
  const written = load.command === undefined ? undefined : new CommandLines(load.command, folder);
  const valueFor = (number: number): string => {
    if (written) return fillText(written.at(number), number);
    if (lines) return fillText(lines[(number - 1) % lines.length] as string, number);
    const value = fillValue(load.value, number);
    return typeof value === 'string' ? value : JSON.stringify(value);
  };
  const keyOf = (number: number): string | null => (load.key === undefined ? null : fillText(load.key, number));
  return {
    topic: load.topic,
    keyOf,
    reach: async (numbers) => await written?.reach(numbers),
    [Symbol.dispose]: () => written?.[Symbol.dispose](),
    recordOf(topic, number, value = Buffer.from(valueFor(number))) {
      const key = keyOf(number);
      return {
        topic,
        partition: null,
        key: key === null ? null : Buffer.from(key),
        value,
        headers: Object.entries(load.headers ?? {}).map(([name, text]) => ({ [name]: Buffer.from(fillText(String(text), number)) })),
      };
    },
  };
}

const linesOf = (file: string): string[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '');
