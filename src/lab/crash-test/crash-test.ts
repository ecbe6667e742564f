/** A crash test from beginning to end: the stage is set, the storm passes over it, and what is left in the log is judged. */
import { setUpSystem } from '../systems/set-up.ts';
import { faultKinds } from './fault.ts';
import { judgeRun } from './judge-run.ts';
import type { CrashTestOptions } from './options.ts';
import { passStorm } from './pass-storm.ts';
import { recordRun } from './record-run.ts';
import type { CrashTestResult } from './result.ts';
import { setStage } from './stage.ts';

/**
 * @throws ReplaygroundError `system-not-set-up`, `system-not-started`, those of `startBroker`, or of `useTheirKafka`; nothing is left running
 *   in any case
 */
export async function crashTest(options: CrashTestOptions): Promise<CrashTestResult> {
  const { system, theirs, kinds = faultKinds } = options;
  await setUpSystem(system, options);
  await using stage = await setStage(options);
  // Brokers of others are left alone.
  const possible = theirs === undefined ? kinds : kinds.filter((kind) => kind !== 'broker');
  using recorder = recordRun(stage, options);
  const storm = await passStorm(stage, { ...options, kinds: possible, onFault: recorder.mark });
  await recorder.write(options.folder);
  return await judgeRun(stage, storm, { ...options, kinds: possible });
}
