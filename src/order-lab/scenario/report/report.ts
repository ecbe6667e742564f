/** Everything a run leaves behind as one value: what is written as JSON, and what the page is made of. */

import type { Check } from '../../../lab/report/check.ts';
import type { Fact } from '../../../lab/report/facts.ts';
import type { Picture } from '../../../lab/report/picture.ts';
import type { History } from '../../../lab/runs/compare-runs.ts';
import type { Comparison } from '../comparison.ts';
import type { FoundScenario } from '../find-scenarios.ts';
import type { LabSteps } from '../lab-steps.ts';
import type { Step, Table } from '../recorder.ts';
import type { Outcome } from '../run-scenario.ts';
import type { Sample } from '../sample.ts';

export type Report = {
  name: string;
  title: string;
  summary: string;
  exercises: readonly string[];
  options: Record<string, string>;
  /** Variables of the lab's services: the scenario's, and those that were given. */
  environment: Readonly<Record<string, string>>;
  /** Instances of inventory-service at the start. */
  scale: number;
  held: boolean;
  /** RFC 3339. */
  startedAt: string;
  durationMs: number;
  /** How to run it again. */
  command: string;
  checks: Check[];
  steps: Step[];
  comparisons: Comparison[];
  tables: Table[];
  pictures: Picture[];
  names: LabSteps['names'];
  versions: Fact[];
  machine: Fact[];
  settings: Fact[];
  /** Names of files beside the report. */
  files: string[];
  /** Beside the runs before; null for the first one on this machine. */
  history: History | null;
  samples: readonly Sample[];
};

export type ReportFacts = Pick<Report, 'names' | 'versions' | 'machine' | 'settings' | 'command' | 'options' | 'environment'>;

/** @returns the report of a run, without the files, which are not written yet, and the runs before */
export function reportOf({ name, scenario }: FoundScenario, outcome: Outcome, facts: ReportFacts): Report {
  const { title, summary, exercises, scale = 1 } = scenario;
  const { held, startMs, endMs, checks, steps, comparisons, tables, pictures, samples } = outcome;
  return {
    name,
    title,
    summary,
    exercises,
    scale,
    held,
    startedAt: new Date(startMs).toISOString(),
    durationMs: endMs - startMs,
    checks,
    steps,
    comparisons,
    tables,
    pictures,
    ...facts,
    files: [],
    history: null,
    samples,
  };
}
