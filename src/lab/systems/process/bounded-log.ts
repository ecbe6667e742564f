/** The log of a process, kept small however much it writes: a flood is slowed down to what the disk takes, and its beginning is dropped. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { createStream } from 'rotating-file-stream';

export type BoundedLog = AsyncDisposable & {
  file: string;
  /** Adds all that a stream brings. */
  pipe(stream: Readable): void;
  /** Adds a line of the lab's own, with the time. */
  note(text: string): void;
  /** The last lines that were written, for a message: without the places of a stack trace. */
  tail(): string[];
};

/** Twice this is on the disk at most. */
const mostBytes = '4M';
const tailChars = 8192;
/** Of Node and of Java. */
const isPlace = /^(at .*[:(]|Node\.js v\d|\^+$|throw )/;

/**
 * @param folder made where missing
 * @param name of the file, without `.log`
 * @param onText told of what comes, with the end of what came before: a line may come in pieces
 */
export function openBoundedLog(folder: string, name: string, onText: (text: string) => void = () => {}): BoundedLog {
  mkdirSync(folder, { recursive: true });
  const file = `${name}.log`;
  const out = createStream((index) => (index ? `${file}.${index}` : file), { path: folder, size: mostBytes, rotate: 1 });
  // A full disk costs the log, not the run.
  out.on('error', () => {});
  let last = '';
  let closed = false;
  const remember = (text: string): void => {
    last = (last + text).slice(-tailChars);
  };
  return {
    file: join(folder, file),
    pipe(stream) {
      stream.on('data', (chunk: Buffer) => {
        const text = chunk.toString('utf8');
        const before = last.slice(last.lastIndexOf('\n') + 1);
        remember(text);
        onText(before + text);
        if (closed || out.write(chunk)) return;
        stream.pause();
        out.once('drain', () => stream.resume());
      });
      stream.on('error', () => {});
    },
    note(text) {
      if (!closed) out.write(`--- ${new Date().toISOString()} lab: ${text}\n`);
    },
    tail: () =>
      last
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== '' && !isPlace.test(line))
        .slice(-3),
    async [Symbol.asyncDispose]() {
      closed = true;
      await new Promise<void>((resolve) => out.end(() => resolve()));
    },
  };
}
