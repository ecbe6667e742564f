/** Partitions that stand at a batch which cannot be opened, and those of them that are being tried again. */
import { isSamePartition, type Partition, type PartitionOffset, partitionKey } from '../partition.ts';
import { retryMs, type Unreadable } from './unreadable.ts';

export class StandingPartitions {
  readonly #tell: (unreadable: readonly Unreadable[]) => void;
  #standing: Unreadable[] = [];
  #tried: Unreadable[] = [];
  #retryAtMs = 0;

  /** @param tell told of all of them, whenever they may have changed */
  constructor(tell: (unreadable: readonly Unreadable[]) => void) {
    this.#tell = tell;
  }

  /** Those that are being tried again do not stand. */
  has(one: Partition): boolean {
    return this.#standing.some((other) => isSamePartition(one, other));
  }

  add(found: readonly Unreadable[]): void {
    const keys = new Set(found.map(partitionKey));
    this.#standing.push(...found);
    this.#tried = this.#tried.filter((one) => !keys.has(partitionKey(one)));
    this.#retryAtMs = Date.now() + retryMs;
    this.#tellAll();
  }

  /** Forgets all but these. */
  keep(kept: readonly Partition[]): void {
    const keys = new Set(kept.map(partitionKey));
    this.#standing = this.#standing.filter((one) => keys.has(partitionKey(one)));
    this.#tried = this.#tried.filter((one) => keys.has(partitionKey(one)));
    this.#tellAll();
  }

  /** @returns those that are to be tried again now: they stand no more, until they are added again */
  due(): readonly Unreadable[] {
    if (this.#standing.length === 0 || Date.now() < this.#retryAtMs) return [];
    this.#tried.push(...this.#standing);
    this.#standing = [];
    return this.#tried;
  }

  /** @param positionOf how far a partition was read: what was read past its batch is forgotten */
  forgetRead(positionOf: (one: PartitionOffset) => number): void {
    const still = this.#tried.filter((one) => positionOf(one) <= one.offset);
    if (still.length === this.#tried.length) return;
    this.#tried = still;
    this.#tellAll();
  }

  #tellAll(): void {
    this.#tell([...this.#standing, ...this.#tried]);
  }
}
