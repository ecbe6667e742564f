/** A run that travels: what the page saw, second by second, as it is kept in the file that plays it back. */

import type { Terminal } from './command.ts';
import type { CrashTestView } from './crash-test.ts';
import type { Mark } from './explanation.ts';
import type { Layout, LiveState, PassedOn, Sample } from './live.ts';
import type { ScenarioRun } from './scenario-run.ts';
import type { SystemFacts } from './system-facts.ts';
import type { BurstState } from './writes.ts';

/** What was true in one second, and what came since the one before. */
export type Frame = {
  atMs: number;
  live: LiveState;
  layout: Layout;
  burst: BurstState | null;
  replay: PassedOn | null;
  scenario: ScenarioRun | null;
  crashTest: CrashTestView | null;
  samples: Sample[];
  marks: Mark[];
};

/** What somebody looked at more closely: a path of the API with its query, and its answer. */
export type Look = { path: string; atMs: number; body: unknown };

/** What the file says in plain sight, before anything of it is unpacked. */
export type RecordingFacts = {
  /** 1; a page that does not know the number does not open the recording. */
  format: 1;
  title: string;
  madeAt: string;
  fromMs: number;
  toMs: number;
  system: SystemFacts;
  terminal: Terminal;
  pipeline: PassedOn | null;
  /** Versions and the like, by name. */
  about: { name: string; value: string }[];
};

/** `blocks` and `looks` are JSON, compressed by gzip, in base64; a block holds up to a minute of frames as `Columns`. */
export type Recording = RecordingFacts & { blocks: string[]; looks: string };

/**
 * Rows of the same shape, as their leaves over time: what does not change takes no room, what grows evenly takes little.
 * See `src/lab/recording/columns.ts`.
 */
export type Columns = { count: number; columns: Column[] };

/** `path`: keys joined by NUL, `.name` of an object and `#3` of an array. `at`: rows since the change before; left out where each row changes it. */
export type Column = { path: string; at?: number[]; values: unknown[]; isDelta?: true };
