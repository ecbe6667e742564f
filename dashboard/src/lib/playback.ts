/** A recording as the page needs it: unpacked, and what is true at one of its seconds. Pure but for the unpacking, which the browser does. */
import { decodeColumns } from '../../../src/lab/recording/columns.ts';
import type { Columns, Frame, Layout, Look, Mark, Recording, RecordingFacts, Sample } from '../../../src/order-lab/wire/all.ts';
import { keptMs } from './history.ts';

export type Unpacked = { facts: RecordingFacts; frames: Frame[]; samples: Sample[]; marks: Mark[]; looks: Look[] };

/** What the page shows of one second. */
export type Moment = Omit<Frame, 'samples' | 'marks'> & { samples: Sample[]; marks: Mark[] };

/**
 * @param recording as it stands in the file
 * @throws Error in one line where it is of a format that this page does not know, or damaged
 */
export async function unpack({ blocks, looks, ...facts }: Recording): Promise<Unpacked> {
  if (facts.format !== 1) throw new Error(`this recording is of format ${facts.format}, which this page does not know`);
  const frames: Frame[] = [];
  for (const block of blocks) frames.push(...(decodeColumns((await inflate(block)) as Columns) as Frame[]));
  const wanted = frames.filter(({ atMs }) => atMs >= facts.fromMs);
  // What came just before belongs to the curves of the first second.
  return {
    facts,
    frames: wanted.length > 0 ? wanted : frames.slice(-1),
    samples: frames.flatMap(({ samples }) => samples),
    marks: frames.flatMap(({ marks }) => marks).sort((a, b) => a.atMs - b.atMs),
    looks: (await inflate(looks)) as Look[],
  };
}

async function inflate(base64: string): Promise<unknown> {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return JSON.parse(await new Response(stream).text());
}

/** @returns what the page showed in that second: curves and causes up to it, as far back as the page keeps them */
export function momentAt({ frames, samples, marks }: Unpacked, index: number): Moment | null {
  const frame = frames[index];
  if (!frame) return null;
  const isShown = ({ atMs }: { atMs: number }): boolean => atMs <= frame.atMs && atMs > frame.atMs - keptMs;
  return { ...frame, samples: samples.filter(isShown), marks: marks.filter(isShown) };
}

/** @returns the first frame in which there is something to see: a lab that starts has heard nothing from Kafka for some seconds */
export const firstTold = (frames: readonly Pick<Frame, 'layout'>[]): number =>
  Math.max(
    0,
    frames.findIndex(({ layout }) => layout.ends.length > 0),
  );

/** @returns the frame that is shown at that time: the last one that is not later */
export function frameAt(frames: readonly Pick<Frame, 'atMs'>[], atMs: number): number {
  let [low, high] = [0, frames.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((frames[middle]?.atMs ?? 0) <= atMs) low = middle;
    else high = middle - 1;
  }
  return Math.max(0, low);
}

/** Causes in the same second are one stop (ms). */
const sameStopMs = 1000;

/** @returns the time of the next cause in that direction; null where there is none */
export function nextStop(marks: readonly Mark[], fromMs: number, step: 1 | -1): number | null {
  const times = marks.map(({ atMs }) => atMs);
  return (step === 1 ? times.find((atMs) => atMs > fromMs + sameStopMs) : times.findLast((atMs) => atMs < fromMs - sameStopMs)) ?? null;
}

/** What no one looked at while it was recorded cannot be told afterwards. */
export const notRecorded = 'this was not looked at while it was recorded, so it is not in the file';

/** @returns the columns of the last frame: they only ever get added */
export const wholeLayout = (frames: readonly Frame[]): Layout => frames.at(-1)?.layout ?? { ends: [], commits: [] };
