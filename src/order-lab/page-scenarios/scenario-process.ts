/** Runs one scenario in the lab that is running, in a process of its own, and tells the lab each step as it goes. */
import { findScenario } from '../scenario/find-scenarios.ts';
import { scenarioOptions } from '../scenario/scenario-options.ts';
import { stageRun } from '../scenario/stage-run.ts';

export type ScenarioNews =
  | { type: 'step'; text: string; state: 'running' | 'passed' | 'failed' }
  | { type: 'over'; held: boolean; folder: string }
  | { type: 'error'; message: string };

const tell = (news: ScenarioNews): void => void (process.connected && process.send?.(news));
const stop = new AbortController();
const hurry = new AbortController();
process.on('SIGTERM', () => stop.abort('SIGTERM'));
process.on('disconnect', () => stop.abort('disconnect'));

try {
  const found = await findScenario(process.argv[2] ?? '');
  const { report, folder } = await stageRun({
    found,
    options: scenarioOptions(found.scenario, []),
    env: process.env,
    here: true,
    keep: false,
    progress: () => ({
      onStart: ({ what, kind }) => tell({ type: 'step', text: what, state: kind === 'remark' ? 'passed' : 'running' }),
      onEnd: ({ what, kind, error, result }) => {
        if (kind === 'remark') return;
        const outcome = error ?? result;
        tell({ type: 'step', text: outcome ? `${what}: ${outcome}` : what, state: error === undefined ? 'passed' : 'failed' });
      },
      onCheck: ({ claim, measured, held }) => tell({ type: 'step', text: `${claim}: ${measured}`, state: held ? 'passed' : 'failed' }),
      onSample: () => {},
      line: () => {},
      stop: () => {},
    }),
    signal: stop.signal,
    hurry: hurry.signal,
  });
  tell({ type: 'over', held: report.held, folder });
} catch (error) {
  tell({ type: 'error', message: (error as Error).message });
  process.exitCode = 1;
}
if (process.connected) process.disconnect();
