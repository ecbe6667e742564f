/**
 * Brings together all entries of one id, however many ids there are, in bounded memory: entries go to buckets by a hash of the id, a
 * bucket beyond some KiB goes to a temporary file, and in the end one bucket after the other is grouped in memory (a Grace hash
 * join). The ids themselves are kept, not their hashes, so what is found is exact, and an id in the wrong partition is found too.
 */
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Entry, entryKinds } from './entry.ts';

/** Entries that are grouped in memory at once, about: some 10 MB. */
const entriesPerBucket = 10_000;
const mostBuckets = 512;
const bufferBytes = 64 * 1024;
/** Length of the id, kind, type, two partitions, two offsets, event time, contents. */
const headBytes = 46;

type Bucket = { buffer: Buffer; used: number; file: number | undefined };

export type Group = { id: Buffer; entries: Entry[] };

export class LedgerSpill implements Disposable {
  readonly #buckets: Bucket[];
  readonly #keep: boolean;
  #folder: string | undefined;

  /**
   * @param expected how many entries there will be, about: spills for the same number can be grouped together
   * @param folder for the files, which stay there; without one, a temporary folder that goes with the spill
   */
  constructor(expected: number, folder?: string) {
    const count = Math.min(mostBuckets, Math.max(1, Math.ceil(expected / entriesPerBucket)));
    this.#buckets = Array.from({ length: count }, () => ({ buffer: Buffer.allocUnsafe(bufferBytes), used: 0, file: undefined }));
    this.#folder = folder;
    this.#keep = folder !== undefined;
  }

  /** @param id all entries with this id come together again */
  add(id: Buffer, entry: Entry): void {
    const bucket = this.#buckets[hashOf(id) % this.#buckets.length] as Bucket;
    const size = headBytes + id.length;
    if (bucket.used + size > bucket.buffer.length) this.#flush(bucket);
    // An id may be longer than the buffer: it goes straight to the file.
    const target = size > bucket.buffer.length ? Buffer.allocUnsafe(size) : bucket.buffer;
    write(target, target === bucket.buffer ? bucket.used : 0, id, entry);
    if (target === bucket.buffer) bucket.used += size;
    else writeSync(this.#fileOf(bucket), target);
  }

  /** Everything is in the files of the folder, for another process. */
  flush(): void {
    for (const bucket of this.#buckets) this.#flush(bucket);
  }

  /**
   * @param folders of other spills for the same number of entries, flushed
   * @param part which buckets
   * @returns every id once, with its entries: those of one spill in the order in which they came
   */
  *groupsWith(folders: readonly string[], part: { index: number; of: number }): Generator<Group> {
    for (const [index, { buffer, used }] of this.#buckets.entries()) {
      if (index % part.of !== part.index) continue;
      const groups = new Map<string, Group>();
      for (const folder of [...(this.#folder === undefined ? [] : [this.#folder]), ...folders]) collect(contentOf(folder, index), groups);
      collect(buffer.subarray(0, used), groups);
      yield* groups.values();
    }
  }

  [Symbol.dispose](): void {
    for (const { file } of this.#buckets) if (file !== undefined) closeSync(file);
    if (this.#folder !== undefined && !this.#keep) rmSync(this.#folder, { recursive: true, force: true });
  }

  #flush(bucket: Bucket): void {
    if (bucket.used === 0) return;
    writeSync(this.#fileOf(bucket), bucket.buffer, 0, bucket.used);
    bucket.used = 0;
  }

  #fileOf(bucket: Bucket): number {
    this.#folder ??= mkdtempSync(join(tmpdir(), 'replayground-ledger-'));
    bucket.file ??= openSync(join(this.#folder, String(this.#buckets.indexOf(bucket))), 'a', 0o600);
    return bucket.file;
  }
}

/** What was spilled of one bucket; a bucket that never was full has no file. */
function contentOf(folder: string, index: number): Buffer {
  const file = join(folder, String(index));
  return existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
}

function collect(bytes: Buffer, groups: Map<string, Group>): void {
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.readUInt32LE(at);
    const id = bytes.subarray(at + headBytes, at + headBytes + length);
    const name = id.toString('latin1');
    const group = groups.get(name);
    const entry = read(bytes, at);
    if (group) group.entries.push(entry);
    else groups.set(name, { id, entries: [entry] });
    at += headBytes + length;
  }
}

/** FNV-1a (32 bits): only chooses the bucket. */
function hashOf(id: Buffer): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < id.length; at += 1) hash = Math.imul(hash ^ (id[at] as number), 0x01000193);
  return hash >>> 0;
}

function write(target: Buffer, at: number, id: Buffer, entry: Entry): void {
  target.writeUInt32LE(id.length, at);
  target[at + 4] = entryKinds.indexOf(entry.kind);
  target.writeInt8(entry.type, at + 5);
  target.writeInt32LE(entry.partition, at + 6);
  target.writeInt32LE(entry.sourcePartition, at + 10);
  target.writeDoubleLE(entry.offset, at + 14);
  target.writeDoubleLE(entry.sourceOffset, at + 22);
  target.writeDoubleLE(entry.createdAtMs, at + 30);
  target.writeDoubleLE(entry.contents, at + 38);
  id.copy(target, at + headBytes);
}

const read = (bytes: Buffer, at: number): Entry => ({
  kind: entryKinds[bytes[at + 4] as number] as Entry['kind'],
  type: bytes.readInt8(at + 5),
  partition: bytes.readInt32LE(at + 6),
  sourcePartition: bytes.readInt32LE(at + 10),
  offset: bytes.readDoubleLE(at + 14),
  sourceOffset: bytes.readDoubleLE(at + 22),
  createdAtMs: bytes.readDoubleLE(at + 30),
  contents: bytes.readDoubleLE(at + 38),
});
