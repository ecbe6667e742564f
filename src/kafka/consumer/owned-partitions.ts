/** What a member of a group knows of the partitions it owns: how far each was read and committed, and which are held. */
import { type Partition, type PartitionOffset, partitionKey } from '../partition.ts';

/** What a member has of a partition: `fetched` is the offset behind the last record handed out, `committed` what it has committed. */
export type UnderWay = Partition & { fetched: number; committed: number };

/** Where a partition begins; one that is held is owned but not read, until it is released. */
export type Start = PartitionOffset & { held?: boolean };

export class OwnedPartitions {
  #all: Partition[] = [];
  /** By `partitionKey`, as all below. */
  #held = new Set<string>();
  #positions = new Map<string, number>();
  #committed = new Map<string, number>();

  get all(): readonly Partition[] {
    return this.#all;
  }

  get held(): Partition[] {
    return this.#all.filter((one) => this.isHeld(one));
  }

  isHeld(one: Partition): boolean {
    return this.#held.has(partitionKey(one));
  }

  take(starts: readonly Start[]): void {
    this.#all = [...this.#all, ...starts.map(({ topic, partition }) => ({ topic, partition }))];
    for (const start of starts) {
      this.#positions.set(partitionKey(start), start.offset);
      this.#committed.set(partitionKey(start), start.offset);
      if (start.held) this.#held.add(partitionKey(start));
    }
  }

  /** Forgets all but these. */
  keep(kept: Partition[]): void {
    const keys = new Set(kept.map(partitionKey));
    this.#all = kept;
    this.#positions = new Map([...this.#positions].filter(([key]) => keys.has(key)));
    this.#committed = new Map([...this.#committed].filter(([key]) => keys.has(key)));
    this.#held = new Set([...this.#held].filter((key) => keys.has(key)));
  }

  /** All are read on from here. */
  restartAt(offsets: readonly PartitionOffset[]): void {
    this.#positions = new Map(offsets.map((start) => [partitionKey(start), start.offset]));
    this.#committed = new Map(this.#positions);
  }

  release(partitions: readonly Partition[]): void {
    for (const one of partitions) this.#held.delete(partitionKey(one));
  }

  readTo(positions: readonly PartitionOffset[]): void {
    for (const one of positions) this.#positions.set(partitionKey(one), one.offset);
  }

  /** What is not owned any more is passed over. */
  committedTo(positions: readonly PartitionOffset[]): void {
    for (const one of positions) if (this.#positions.has(partitionKey(one))) this.#committed.set(partitionKey(one), one.offset);
  }

  /** @returns the next offset to read */
  positionOf(one: Partition): number {
    return this.#positions.get(partitionKey(one)) ?? 0;
  }

  /** The next offset to read of each. */
  get positions(): PartitionOffset[] {
    return this.#all.map((one) => ({ ...one, offset: this.positionOf(one) }));
  }

  /** What was handed out and is not committed, of each. */
  get underWay(): UnderWay[] {
    return this.positions.map(({ offset: fetched, ...one }) => ({
      ...one,
      fetched,
      committed: Math.min(fetched, this.#committed.get(partitionKey(one)) ?? fetched),
    }));
  }
}
