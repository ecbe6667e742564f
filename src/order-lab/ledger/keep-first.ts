/** The first so many places of the log, however many there are and in whatever order they come. */
import { byPartition, type Partition } from '../../kafka/partition.ts';

type Place = Partition & { offset: number };

const byPlace = (a: Place, b: Place): number => byPartition(a, b) || a.offset - b.offset;

/** @returns the first `most` of the list, by partition and offset */
export const firstOf = <T extends Place>(list: readonly T[], most = Number.POSITIVE_INFINITY): T[] => list.toSorted(byPlace).slice(0, most);

export class KeepFirst<T extends Place> {
  readonly #most: number;
  #list: T[] = [];

  /** @param most how many are kept */
  constructor(most: number) {
    this.#most = most;
  }

  add(one: T): void {
    this.#list.push(one);
    if (this.#list.length >= this.#most * 2) this.#list = this.all();
  }

  /** @returns those that are kept, by partition and offset */
  all(): T[] {
    return firstOf(this.#list, this.#most);
  }
}
