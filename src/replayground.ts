/** What `import ... from 'replayground'` gives: all that a scenario in a folder of one's own needs (docs/scenarios.md). */

export type { RuntimeOverrides } from './kafka/runtime-settings.ts';
export type { RecordJson } from './kafka/show-record.ts';
export type { Metrics } from './pipeline/analytics/metrics.ts';
export { checkLedger } from './scenario/check-ledger.ts';
export { checkStorm } from './scenario/check-storm.ts';
export { defineScenario, type Scenario, type ScenarioOption, type Stage } from './scenario/define-scenario.ts';
export type { CheckSpec } from './scenario/judge.ts';
export type * from './scenario/lab-steps.ts';
export type { TableRow } from './scenario/recorder.ts';
export type { Sample } from './scenario/sample.ts';
export type { LoadFigures } from './scenario/storm/order-load.ts';
export { type Fault, type PlannedFault, planFaults, type StormOptions } from './scenario/storm/plan-faults.ts';
