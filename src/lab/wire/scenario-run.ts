/** Scenarios, run from the page. */
import type { Command } from './command.ts';

// ---------------------------------------------------------------------------------------------------- scenarios

/** `GET /api/scenarios`: empty where this lab has none. */
export type Scenarios = { scenarios: ScenarioInfo[] };
/** One that needs a lab of its own cannot be run from here: show its command. */
export type ScenarioInfo = { name: string; title: string; summary: string; needsOwnLab: boolean; command: Command };

/** `POST /api/scenarios/:name/run` -> 202 and `scenario` events. One at a time. `POST /api/scenarios/stop` ends it. */
export type ScenarioRun = {
  name: string;
  state: 'running' | 'passed' | 'failed' | 'stopped';
  startedAt: string;
  finishedAt: string | null;
  steps: { text: string; state: 'running' | 'passed' | 'failed' }[];
  /** Address of the HTML report on this server, once it is written. */
  report: string | null;
  error: string | null;
  command: Command;
};
