/** What a scenario is: an exercise on the pipeline as one typed value, readable without knowing how it is run. */
import type { CheckSpec } from '../../lab/report/check.ts';
import type { Picture } from '../../lab/report/picture.ts';
import type { Situation } from '../../lab/report/situation.ts';
import type { LabSteps } from './lab-steps.ts';
import type { TableRow } from './recorder.ts';

/** An option that people can give on the command line: `--outcomes random`, `--minutes 30`, `--seed 7`. */
export type ScenarioOption = { /** Made anew for each run where it is a function. */ default: string | (() => string); help: string } & (
  | { values: readonly string[] }
  | { /** A number, both ends included. */ between: readonly [number, number] }
  | { /** Any text of letters, digits and dashes; what it is, for the hint. */ text: string }
);

export type Stage = {
  /** Everything that can be done to the lab, and everything that can be asked of it; each call is a step in the report. */
  lab: LabSteps;
  /**
   * States what must hold and what was measured. The run goes on when it does not hold; it fails at its end.
   * @param claim a sentence that is true when it holds: 'each order was decided once'
   * @param spec what was measured, its bound, and what to look at when it does not hold
   */
  check: (claim: string, spec: CheckSpec) => void;
  /**
   * Puts two states beside each other in the report, as before and after a replay.
   * @param title what is compared
   * @param before metrics, or anything else with named values
   */
  compare: (title: string, before: object, after: object) => void;
  /**
   * Shows figures that belong together, in the terminal and in the report.
   * @param rows as many cells as there are columns
   */
  table: (title: string, columns: readonly string[], rows: readonly TableRow[]) => void;
  /** Draws figures in the report: lines over numbers, bars over names. */
  picture: (picture: Picture) => void;
  /**
   * What the run had to reach to mean anything, as a table in the terminal and in the report; the run fails where it did not.
   * @param situations how often each was reached, and how often it has to be
   */
  sometimes: (situations: readonly Situation[]) => void;
  /** Adds a remark to the run: why the next steps are done, what was seen. */
  say: (remark: string) => void;
  /** The options of the scenario, each as given or by default. */
  options: Readonly<Record<string, string>>;
};

export type Scenario = {
  title: string;
  /** One line for `./lab scenarios`. */
  summary: string;
  /** Which exercises of docs/exercises.md this is; one of somebody's own need not say. */
  exercises: readonly string[];
  /** Variables of the lab's services, by name; such a scenario needs a lab of its own. */
  environment?: Readonly<Record<string, string>>;
  /** Instances of inventory-service at the start, 1 by default; with `--here` they are scaled to it, and back at the end. */
  scale?: number;
  options?: Readonly<Record<string, ScenarioOption>>;
  /** A cluster of three brokers instead of the lab's own one: any of them can be lost. Such a scenario needs a lab of its own. */
  threeBrokers?: boolean;
  /** For scenarios that start the whole lab again: `--here` is refused. */
  needsOwnLab?: boolean;
  /** For scenarios that stop or kill Kafka: `--here` is refused where the Kafka of the lab is somebody else's. */
  strikesKafka?: boolean;
  run(stage: Stage): Promise<void>;
};

/** @returns the scenario itself; the call is there for its types */
export const defineScenario = (scenario: Omit<Scenario, 'exercises'> & Partial<Scenario>): Scenario => ({ exercises: [], ...scenario });
