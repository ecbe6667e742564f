/** Plays a recording: gives the page one second after the other, as the lab did when it was recorded. */
import type { Recording } from '../../../src/order-lab/wire/all.ts';
import { ApiError, answers } from '../lib/api.ts';
import { timeOfDay } from '../lib/format.ts';
import { firstTold, frameAt, momentAt, nextStop, notRecorded, type Unpacked, unpack, wholeLayout } from '../lib/playback.ts';
import { announce } from './announcer.svelte.ts';
import { lab } from './lab.svelte.ts';

export const speeds = [1, 2, 5, 10, 30] as const;
const tickMs = 100;

class Playback {
  /** What it is; null until it is unpacked. */
  recorded = $state.raw<Unpacked | null>(null);
  /** Index of the frame that is shown. */
  at = $state(0);
  playing = $state(false);
  speed = $state<number>(5);
  readonly #packed: string;
  #timer: ReturnType<typeof setInterval> | undefined;
  /** Recorded time that has come, which moves on between two frames (ms since 1970). */
  #nowMs = 0;

  constructor(packed: string) {
    this.#packed = packed;
  }

  get last(): number {
    return Math.max(0, (this.recorded?.frames.length ?? 0) - 1);
  }

  get atMs(): number {
    return this.recorded?.frames[this.at]?.atMs ?? 0;
  }

  /** Unpacks it and shows its first second, or the first that shows anything. */
  async open(): Promise<void> {
    try {
      const recorded = await unpack(JSON.parse(this.#packed) as Recording);
      const { facts, looks } = recorded;
      answers.from = (path) => {
        const look = looks.findLast((one) => one.path === path);
        if (look === undefined) throw new ApiError(404, notRecorded);
        return look.body;
      };
      lab.beginRecording(facts, { samples: recorded.samples, marks: recorded.marks, layout: wholeLayout(recorded.frames) });
      this.recorded = recorded;
      document.title = facts.title;
      this.seek(firstTold(recorded.frames));
    } catch (error) {
      lab.loadError = `The recording cannot be opened: ${error instanceof Error ? error.message : String(error)}`;
    }
  }

  /** Shows a frame. @param index one that is not there is the nearest that is */
  seek(index: number): void {
    this.at = Math.min(this.last, Math.max(0, index));
    this.#nowMs = this.atMs;
    const moment = this.recorded && momentAt(this.recorded, this.at);
    if (moment) lab.showRecorded(moment);
  }

  seekTo(atMs: number): void {
    this.seek(frameAt(this.recorded?.frames ?? [], atMs));
  }

  /** To the next cause, or the one before, and says which. */
  jump(step: 1 | -1): void {
    const marks = this.recorded?.marks ?? [];
    const atMs = nextStop(marks, this.atMs, step);
    if (atMs === null) {
      this.seek(step === 1 ? this.last : 0);
      return;
    }
    // The second in which it is seen is the one after it.
    this.seekTo(atMs + 999);
    const told = marks.filter((mark) => Math.abs(mark.atMs - atMs) < 1000).map(({ kind, subject, text }) => `${kind}: ${subject} ${text}`);
    announce(`${timeOfDay(atMs)}, ${told.join('; ')}`);
  }

  toggle(): void {
    if (this.playing) {
      this.pause();
      return;
    }
    if (this.at >= this.last) this.seek(0);
    this.playing = true;
    this.#timer = setInterval(() => this.#tick(), tickMs);
  }

  pause(): void {
    this.playing = false;
    clearInterval(this.#timer);
  }

  #tick(): void {
    const nowMs = this.#nowMs + tickMs * this.speed;
    const index = frameAt(this.recorded?.frames ?? [], nowMs);
    if (index !== this.at) this.seek(index);
    this.#nowMs = nowMs;
    if (this.at >= this.last) this.pause();
  }
}

const element = document.getElementById('recording');

/** Null on the page of a lab that runs. */
export const playback: Playback | null = element ? new Playback(element.textContent) : null;
