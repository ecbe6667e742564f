/** What `import ... from 'replayground'` gives: all that a scenario in a folder of one's own needs (docs/scenarios.md). */

export type { RecordJson } from './kafka/record/show-record.ts';
export type { CheckSpec } from './lab/report/check.ts';
export { checkLedger } from './order-lab/scenario/check-ledger.ts';
export { checkStorm } from './order-lab/scenario/check-storm.ts';
export { defineScenario, type Scenario, type ScenarioOption, type Stage } from './order-lab/scenario/define-scenario.ts';
export type * from './order-lab/scenario/lab-steps.ts';
export type { LoadFigures } from './order-lab/scenario/load/order-load.ts';
export { type Fault, type PlannedFault, planFaults, type StormOptions } from './order-lab/scenario/load/storm-faults.ts';
export type { TableRow } from './order-lab/scenario/recorder.ts';
export type { Sample } from './order-lab/scenario/sample.ts';
export type { Metrics } from './pipeline/analytics/metrics.ts';
export type { RuntimeOverrides } from './pipeline/settings/runtime-settings.ts';
