/** Reads the broker's log for the lab: has it started, and if it died, what one line says why. */
import { open, stat } from 'node:fs/promises';
import { ReplaygroundError } from '../../kafka/errors.ts';
import { dataFolderLocked } from './claim-home.ts';
import { dataFolderNewer } from './kafka-version.ts';
import { portTaken } from './ports.ts';

const TIMESTAMP = /^\d{4}-\d\d-\d\dT/;

/** A level of `metadata.version` that this Kafka does not know: as the active controller finds it, and as any other reader of the metadata. */
const unknownMetadata = /Tried to apply FeatureLevelRecord [^\n]*'metadata\.version'|No MetadataVersion with feature level/;

/** The end of a log: what is written after the moment this was made. */
export type LogTail = { read(): Promise<string> };

/**
 * @param file a log that may not exist yet, and may be rotated meanwhile
 * @returns a reader of everything that is written to it from now on
 */
export async function tailLog(file: string): Promise<LogTail> {
  const start = await size(file);
  return {
    async read() {
      const end = await size(file);
      // A smaller file is a new one: the log was rotated.
      const from = end < start ? 0 : start;
      if (end === from) return '';
      await using handle = await open(file);
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(end - from), 0, end - from, from);
      return buffer.toString('utf8', 0, bytesRead);
    },
  };
}

const size = (file: string): Promise<number> =>
  stat(file).then(
    (found) => found.size,
    () => 0,
  );

/** @returns whether the log says that the broker takes requests and the controller counts it in */
export const saysStarted = (log: string): boolean => log.includes('Kafka Server started');

/**
 * @param log what the broker wrote since its start
 * @param where its home, the log to name in the message, and which Kafka it is
 * @returns why it is not running
 */
export function explainDeath(log: string, where: { home: string; logFile: string; port: number; version: string }): ReplaygroundError {
  if (/Failed to acquire lock on file/.test(log)) return dataFolderLocked(where.home);
  if (unknownMetadata.test(log)) return dataFolderNewer(where.home, where.version);
  const bind = /failed to bind to \S+:(\d+)|Address already in use/i.exec(log);
  if (bind && /Address already in use/i.test(log)) return portTaken(Number(bind[1] ?? where.port));
  return new ReplaygroundError('broker-died', `Kafka stopped while it started: ${lastError(log)} (log: ${where.logFile})`);
}

/** Kafka logs "Exiting due to ..." and puts the reason in the exception below it, the root cause last. */
function lastError(log: string): string {
  const lines = log.split('\n').filter((line) => line.trim() !== '');
  const index = lines.findLastIndex((line) => / (ERROR|FATAL) /.test(line));
  if (index < 0) return lines.at(-1) ?? 'it wrote no log';
  const next = lines.slice(index + 1).findIndex((line) => TIMESTAMP.test(line));
  const trace = lines.slice(index + 1, next < 0 ? undefined : index + 1 + next);
  const cause = trace.findLast((line) => line.startsWith('Caused by: ')) ?? trace.find((line) => !/^\s/.test(line));
  const message = (lines[index] ?? '').replace(/^\S+ (ERROR|FATAL) /, '');
  return cause === undefined ? message : cause.replace(/^Caused by: /, '').trim();
}
