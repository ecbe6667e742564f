/** What is read of one ledger when a run is over: all that came in, all that went out. The verdict is made of nothing else. */

import type { RecordId } from '../../systems/file/system-schema.ts';
import { atPointer } from '../../systems/json-pointer.ts';

export type LoggedRecord = {
  topic: string;
  partition: number;
  offset: number;
  /** Undefined where the record has none: for what came in, it cannot be read. */
  id: string | undefined;
  key: string | null;
  /** Its timestamp (ms since 1970). */
  at: number;
};

export type LedgerLog = {
  from: string;
  to: string;
  inputs: readonly LoggedRecord[];
  outputs: readonly LoggedRecord[];
  deadLetters: readonly LoggedRecord[];
  /** Places of the records that nobody can read, as `partition@offset`. */
  unreadable: ReadonlySet<string>;
  /** How far the group has committed, by partition; a share group up to where all is done with. Undefined where no group is known. */
  committed: ReadonlyMap<number, number> | undefined;
  /** The system ran while it was read: what came out of one partition may have been read before what came out of another. */
  goesOn: boolean;
  /** It is read by a share group, which keeps no order: what came in later may come out first. */
  isQueue: boolean;
  /** An id that comes in twice is to come out once. */
  deduplicates: boolean;
};

/** As much of a record as an id is read from. */
export type RawRecord = { key: Buffer | null; value: Buffer | null; headers: readonly (readonly [string, Buffer | null])[] };

/** @returns the id of a record; undefined where it has none */
export function idOf(record: RawRecord, id: RecordId): string | undefined {
  if (id === 'key') return record.key?.toString();
  if ('header' in id) return record.headers.findLast(([name]) => name === id.header)?.[1]?.toString();
  return jsonId(record.value, id.json);
}

function jsonId(value: Buffer | null, pointer: string): string | undefined {
  try {
    const at = atPointer(JSON.parse(value?.toString() ?? ''), pointer);
    return typeof at === 'string' || typeof at === 'number' ? String(at) : undefined;
  } catch {
    return undefined;
  }
}
