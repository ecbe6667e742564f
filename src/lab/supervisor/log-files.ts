/** One log file per process in `LAB_HOME/logs`, rotated: every line with the time at which it came. */
import { appendFileSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { createStream, type RotatingFileStream } from 'rotating-file-stream';

export const logFolder = (home: string): string => join(home, 'logs');

/** @returns the log file of a process; the broker writes its own */
export const logFileOf = (home: string, name: string): string =>
  name === 'kafka' ? join(home, 'kafka', 'broker.log') : join(logFolder(home), `${name}.log`);

/**
 * Adds a line to the log of a service, from a process that the lab did not start: whoever sends a burst looks for it there.
 * @param home LAB_HOME; where no lab has written that log, or the disk takes nothing, nothing is added
 * @param fields as the service's own lines have them
 */
export function noteInLog(home: string, service: string, fields: { msg: string } & Record<string, unknown>): void {
  const file = logFileOf(home, service);
  try {
    // In one write at the end of the file: lines of several processes stay whole.
    if (existsSync(file)) appendFileSync(file, `${new Date().toISOString()} ${JSON.stringify({ level: 'info', service, ...fields })}\n`);
  } catch {
    // A log that cannot be written costs the line, not the burst.
  }
}

export type LogFiles = AsyncDisposable & {
  /** Adds one line to the log of a process. */
  write(name: string, line: string): void;
  /** Adds every line of a stream, until it ends. */
  pipe(name: string, stream: Readable): void;
};

/**
 * @param home LAB_HOME
 * @param onLine called for each line as well, for a terminal
 */
export function openLogFiles(home: string, onLine: (name: string, line: string) => void = () => {}): LogFiles {
  mkdirSync(logFolder(home), { recursive: true });
  const streams = new Map<string, RotatingFileStream>();
  let closed = false;
  const streamOf = (name: string): RotatingFileStream => {
    const stream = streams.get(name) ?? openRotating(logFolder(home), `${name}.log`);
    streams.set(name, stream);
    return stream;
  };
  const write = (name: string, line: string): void => {
    if (closed) return;
    streamOf(name).write(`${new Date().toISOString()} ${line}\n`);
    onLine(name, line);
  };
  return {
    write,
    pipe: (name, stream) => void createInterface({ input: stream }).on('line', (line) => write(name, line)),
    [Symbol.asyncDispose]: async () => {
      closed = true;
      await Promise.all([...streams.values()].map((stream) => new Promise<void>((resolve) => stream.end(() => resolve()))));
    },
  };
}

function openRotating(path: string, name: string): RotatingFileStream {
  const stream = createStream((index) => (index ? `${name}.${index}` : name), { path, size: '10M', rotate: 3 });
  // A full disk must not end the lab: the processes go on without their logs.
  stream.on('error', () => {});
  return stream;
}
