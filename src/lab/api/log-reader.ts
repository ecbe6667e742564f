/** The logs of the lab's processes for the page: the last lines, and each new one. */

import { problem } from '../../pipeline/service/problem.ts';
import { followFiles } from '../supervisor/follow-files.ts';
import { logFileOf } from '../supervisor/log-files.ts';
import { lastLines, parseLine, readable } from '../supervisor/log-lines.ts';
import { parseTarget, type Services } from '../supervisor/service-target.ts';
import type { LogLineView } from '../wire/all.ts';

/** @throws HttpProblem 404 for what has no log here; a name never is a path */
export function logFileFor(home: string, name: string, services: Services): string {
  if (name === 'lab') return logFileOf(home, name);
  try {
    parseTarget(name, services);
  } catch {
    throw problem(404, 'Not Found', `there is no log of ${JSON.stringify(name)}`);
  }
  return logFileOf(home, name);
}

/** @returns the last lines, and where the file ended */
export async function logTail(file: string, count: number): Promise<{ lines: LogLineView[]; end: number }> {
  const { lines, end } = await lastLines(file, count);
  let before = '';
  const views = lines.map((line) => {
    const view = logLine(line, before);
    before = view.at ?? '';
    return view;
  });
  return { lines: views, end };
}

/** Calls `onLine` for each line that comes after `end`, until the signal. */
export const followLog = (file: string, end: number, onLine: (line: LogLineView) => void, signal: AbortSignal): Promise<void> =>
  followFiles(
    () => [{ name: file, file }],
    new Map([[file, end]]),
    (_name, line) => onLine(logLine(line)),
    signal,
  );

const levels: Record<string, LogLineView['level']> = { warn: 'warn', error: 'error', fatal: 'error' };
/** As the broker's log has it, see `log4j2-broker.properties`. */
const brokerLevel = /^(WARN|ERROR|FATAL) /;

/**
 * @param before time of the line before, for lines that belong to it
 * @returns the line for people, with how serious it is
 */
export function logLine(line: string, before = ''): LogLineView {
  const { at, text } = parseLine(line, before);
  const named = /^\{"level":"(\w+)"/.exec(text)?.[1] ?? brokerLevel.exec(text)?.[1]?.toLowerCase();
  return { at: at || null, level: levels[named ?? ''] ?? 'info', text: readable(text) };
}
