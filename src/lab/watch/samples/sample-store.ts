/** The last 15 minutes of samples in bounded memory, so that a page that is loaded again has lost nothing. */
import type { Sample } from '../../wire/all.ts';

/** One per second. */
export const keptSamples = 900;
const keptMs = keptSamples * 1000;

export class SampleStore {
  #samples: Sample[] = [];

  /** Adds the newest; forgets what is older than 15 minutes. */
  add(sample: Sample): void {
    this.#samples.push(sample);
    const oldest = sample.atMs - keptMs;
    const stale = this.#samples.findIndex(({ atMs }) => atMs > oldest);
    const surplus = Math.max(stale, this.#samples.length - keptSamples);
    if (surplus > 0) this.#samples.splice(0, surplus);
  }

  get latest(): Sample | undefined {
    return this.#samples.at(-1);
  }

  /** @returns all of them, oldest first */
  all(): readonly Sample[] {
    return this.#samples;
  }

  /** @returns those of the last so many seconds before the newest, it included, oldest first */
  last(seconds: number): readonly Sample[] {
    const from = (this.latest?.atMs ?? 0) - seconds * 1000;
    const first = this.#samples.findIndex(({ atMs }) => atMs >= from);
    return first < 0 ? [] : this.#samples.slice(first);
  }
}
