/** Resident memory of processes over time, as the system counts it. */
import { residentBytes } from '../src/lab/processes/process-list.ts';
import { median } from './statistics.ts';

/** Seconds since the sampler began, and megabytes (10^6 bytes). */
export type MemoryPoint = [sec: number, megabytes: number];

const everyMs = 250;

export class MemorySampler implements Disposable {
  readonly points = new Map<string, MemoryPoint[]>();
  readonly #timer: NodeJS.Timeout;

  /** @param processes by name; sampled until this is disposed of */
  constructor(processes: ReadonlyMap<string, number>) {
    const startedAtMs = performance.now();
    for (const name of processes.keys()) this.points.set(name, []);
    const sample = async (): Promise<void> => {
      const bytes = await residentBytes([...processes.values()]);
      const sec = (performance.now() - startedAtMs) / 1000;
      for (const [name, pid] of processes) {
        const now = bytes.get(pid);
        if (now !== undefined) this.points.get(name)?.push([sec, now / 1e6]);
      }
    };
    void sample();
    this.#timer = setInterval(() => void sample(), everyMs);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}

/** @returns the greatest of the points */
export const peakOf = (points: readonly MemoryPoint[]): number => Math.max(...points.map(([, megabytes]) => megabytes));

/** @returns the median of a stretch of the points; `from` and `to` are shares of their number */
export const medianOf = (points: readonly MemoryPoint[], from: number, to: number): number =>
  median(points.slice(Math.floor(points.length * from), Math.ceil(points.length * to)).map(([, megabytes]) => megabytes));
