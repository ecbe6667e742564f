/** Reads log files back: when a line was written, and what it says to a person. */
import { open } from 'node:fs/promises';
import { stripVTControlCharacters } from 'node:util';

export type LogLine = { /** RFC 3339, or empty. */ at: string; text: string };

const stamp = /^(\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)) (.*)$/;

/** @returns the line apart from the time in front of it; a line without one came with the line before it */
export function parseLine(line: string, before = ''): LogLine {
  const [, at, text] = stamp.exec(line) ?? [];
  return at === undefined || text === undefined ? { at: before, text: line } : { at: new Date(at).toISOString(), text };
}

/** What people need not read again on each line. */
const known = ['level', 'time', 'pid', 'hostname', 'service', 'instance', 'msg'];

/** @returns the line as people read it: pino's JSON as `warn message field=value`, anything else as it is, without control characters */
export function readable(text: string): string {
  const fields = text.startsWith('{') ? parseJson(text) : undefined;
  if (!fields || typeof fields.msg !== 'string') return stripVTControlCharacters(text);
  const rest = Object.entries(fields).filter(([name]) => !known.includes(name));
  const shown = rest.map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const level = fields.level === 'info' ? [] : [String(fields.level)];
  return stripVTControlCharacters([...level, fields.msg, ...shown].join(' '));
}

function parseJson(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

const tailBytesPerLine = 2048;

/**
 * @param file a log, or a file that does not exist
 * @param count how many lines at most
 * @returns its last lines, and where the file ended
 */
export async function lastLines(file: string, count: number): Promise<{ lines: string[]; end: number }> {
  const handle = await open(file).catch(() => undefined);
  if (!handle) return { lines: [], end: 0 };
  await using _ = handle;
  const { size } = await handle.stat();
  const length = Math.min(size, Math.max(64 * 1024, count * tailBytesPerLine));
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, size - length);
  const lines = buffer.toString('utf8', 0, bytesRead).split('\n');
  if (lines.at(-1) === '') lines.pop();
  if (length < size) lines.shift();
  return { lines: count === 0 ? [] : lines.slice(-count), end: size };
}
