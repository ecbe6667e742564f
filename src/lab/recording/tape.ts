/** Keeps what the page is sent, as long as memory allows: the last hour in a few megabytes, so that one click after an incident gives the file. */
import { gzipSync } from 'node:zlib';
import type { FeedEvent } from '../watch/live-feed.ts';
import type { Frame, Layout, Mark, Sample } from '../wire/all.ts';
import { encodeColumns } from './columns.ts';

/** A minute of frames is packed together: enough for what does not change to vanish, and little to lose at the other end. */
const framesInBlock = 60;

export type TapeLimits = { keptMs: number; mostBytes: number };
export const tapeLimits: TapeLimits = { keptMs: 60 * 60_000, mostBytes: 6_000_000 };

type Block = { fromMs: number; toMs: number; bytes: Buffer };

export class Tape {
  readonly #limits: TapeLimits;
  #blocks: Block[] = [];
  #frames: Frame[] = [];
  #layout: Layout = { ends: [], commits: [] };
  #samples: Sample[] = [];
  #marks: Mark[] = [];
  #latest: Pick<Frame, 'burst' | 'replay' | 'scenario' | 'crashTest'> = { burst: null, replay: null, scenario: null, crashTest: null };

  constructor(limits: TapeLimits = tapeLimits) {
    this.#limits = limits;
  }

  /** Takes what the page is sent; each state of the lab makes a frame. */
  take({ name, data }: FeedEvent): void {
    if (name === 'sample') this.#samples.push(data as Sample);
    else if (name === 'mark') this.#marks.push(data as Mark);
    else if (name === 'layout') this.#layout = data as Layout;
    else if (name === 'burst' || name === 'replay' || name === 'scenario' || name === 'crashTest')
      this.#latest = { ...this.#latest, [name]: data };
    else if (name === 'state') this.#addFrame(data as Frame['live']);
  }

  /**
   * @param fromMs ms since 1970; what is older is left out, to the minute
   * @returns blocks as they stand in a `Recording`, oldest first, and of when they are; null where nothing was seen since
   */
  cut(fromMs: number): { blocks: string[]; fromMs: number; toMs: number } | null {
    const open = this.#frames.length > 0 ? [pack(this.#frames)] : [];
    const wanted = [...this.#blocks, ...open].filter(({ toMs }) => toMs >= fromMs);
    const [first, last] = [wanted[0], wanted.at(-1)];
    if (!first || !last) return null;
    return { blocks: wanted.map(({ bytes }) => bytes.toString('base64')), fromMs: Math.max(fromMs, first.fromMs), toMs: last.toMs };
  }

  #addFrame(live: Frame['live']): void {
    const frame = { atMs: Date.parse(live.at), live, layout: this.#layout, ...this.#latest, samples: this.#samples, marks: this.#marks };
    this.#samples = [];
    this.#marks = [];
    this.#frames.push(frame);
    if (this.#frames.length < framesInBlock) return;
    this.#blocks.push(pack(this.#frames));
    this.#frames = [];
    const oldestMs = frame.atMs - this.#limits.keptMs;
    while (this.#blocks.length > 1 && ((this.#blocks[0] as Block).toMs < oldestMs || this.#bytes > this.#limits.mostBytes))
      this.#blocks.shift();
  }

  get #bytes(): number {
    return this.#blocks.reduce((sum, { bytes }) => sum + bytes.length, 0);
  }
}

const pack = (frames: readonly Frame[]): Block => ({
  fromMs: frames[0]?.atMs ?? 0,
  toMs: frames.at(-1)?.atMs ?? 0,
  bytes: gzipSync(JSON.stringify(encodeColumns(frames))),
});
