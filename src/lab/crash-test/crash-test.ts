/** A crash test from beginning to end: the stage is set, the storm passes over it, and what is left in the log is judged. */
import { setUpSystem } from '../systems/process/set-up.ts';
import { faultKinds } from './faults/fault.ts';
import { judgeRun } from './judge-run.ts';
import type { CrashTestOptions } from './options.ts';
import { passStorm } from './pass-storm.ts';
import { recordRun } from './record-run.ts';
import type { CrashTestResult } from './report/result.ts';
import { reasonLine } from './report/show-result.ts';
import { followLedger, soFarOf } from './run-view.ts';
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
  const { view } = recorder;
  const unreadable = new Set<string>();
  await using page = await options.page?.(recorder);
  if (page) options.say(`the page of this run: ${page.url}`);
  await using ledger = page && followLedger(stage, view, unreadable);
  const storm = await passStorm(stage, {
    ...options,
    kinds: possible,
    unreadable,
    onFault: (fault) => {
      recorder.mark(fault);
      const { kind, target, detail } = fault;
      view.change({ faults: view.now.faults + 1, lastFault: `${kind} ${target}: ${detail}`, sent: stage.load.sent });
    },
    onReached: (sometimes) => view.change({ sometimes }),
    onCalm: () => view.change({ phase: 'reading on', sent: stage.load.sent }),
  });
  await ledger?.[Symbol.asyncDispose]();
  await recorder.write(options.folder);
  view.change({ phase: 'judging', sometimes: storm.sometimes });
  const result = await judgeRun(stage, storm, unreadable, { ...options, kinds: possible });
  const { verdict, outcome, ids } = result;
  const { behavesAs } = verdict;
  view.change({ phase: 'over', outcome, behavesAs, reason: reasonLine(result), soFar: soFarOf({ ids, ...verdict }) });
  return result;
}
