/** What a part of the benchmark found: everything that is shown comes from this, and this is what `results.json` keeps. */
import type { PartName } from '../src/order-lab/cli/verbs/bench.ts';
import type { Environment, Load } from './environment.ts';
import type { Ratio, Summary } from './statistics.ts';

export type Unit = 'records/s' | 'orders/s' | 'requests/s' | 's' | 'ms' | 'MB' | 'x';

/** What was promised: of the figure itself, or of its ratio to the peer. The median counts. */
export type Target = { of: 'ours' | 'ratio'; atLeast: number } | { of: 'ours' | 'ratio'; below: number };

/** One quantity: of ours alone, or of ours and one peer. */
export type Measure = {
  name: string;
  unit: Unit;
  better: 'higher' | 'lower';
  ours: Summary & { /** Where there is more than one of ours. */ name?: string };
  peer?: Summary & { name: string };
  /** Above 1, ours is the better one. */
  ratio?: Ratio;
  target?: Target;
};

/** Something that must hold, such as equal outputs: a figure of a part whose checks do not hold is worth nothing. */
export type Check = { claim: string; held: boolean; detail: string };

/** Lines over one quantity, for a chart. */
export type Curve = {
  /** File name without ending. */
  file: string;
  title: string;
  x: string;
  y: string;
  logX?: boolean;
  logY?: boolean;
  lines: { name: string; points: [number, number][] }[];
};

/** Figures that are not one measure each: how cost grows with something. */
export type Grid = { title: string; columns: string[]; rows: (string | number)[][] };

/** What the code of a part gives back. */
export type Findings = {
  /** What was set, for who wants to repeat it. */
  settings: Record<string, string | number>;
  /** Where it is not the usual number. */
  rounds?: number;
  measures: Measure[];
  checks: Check[];
  curves?: Curve[];
  grids?: Grid[];
  /** Peers that are not on this machine, and why. */
  missing?: string[];
};

export type PartResult = Findings & {
  part: PartName;
  title: string;
  /** RFC 3339. */
  measuredAt: string;
  tookSec: number;
  rounds: number;
  /** Too small to be worth anything but a look. */
  quick: boolean;
  environment: Environment;
  /** Before the command began its work. */
  load: Load;
};

/** @returns whether the target is met; undefined where there is none, or nothing to hold against it */
export function isMet({ target, ours, ratio }: Measure): boolean | undefined {
  if (!target) return undefined;
  const value = target.of === 'ours' ? ours.median : ratio?.value;
  if (value === undefined) return undefined;
  return 'atLeast' in target ? value >= target.atLeast : value < target.below;
}
