/** Steps that read the whole log again: by `POST /replay`, and by stopping, resetting and starting analytics. */

import { ReplaygroundError } from '../../../kafka/errors.ts';
import type { Metrics } from '../../../pipeline/analytics/metrics.ts';
import { writeReport } from '../../../pipeline/analytics/report.ts';
import { replayAndCompare } from '../../client/replay-and-compare.ts';
import type { LabSteps, ReplayOutcome } from '../lab-steps.ts';
import type { Rig } from '../rig.ts';
import { poll } from './waits.ts';

type Replay = {
  state: string;
  before: Metrics;
  after?: Metrics;
  identical?: boolean;
  first_difference?: ReplayOutcome['firstDifference'] | null;
};

const httpTimeoutMs = 30_000;

export function replaySteps(rig: Rig): Pick<LabSteps, 'replay' | 'replayByReset'> {
  const { recorder } = rig;
  return {
    replay: (deadline = {}) => {
      const byHand = ['curl -s -X POST http://127.0.0.1:8002/replay', 'curl -s http://127.0.0.1:8002/replay/<id>'];
      return recorder.step({ kind: 'change', what: 'replay by POST /replay', byHand }, async (tell) => {
        const url = rig.lab.analyticsUrl;
        const answer = await fetch(`${url}/replay`, { method: 'POST', signal: AbortSignal.timeout(httpTimeoutMs) });
        const { id, detail } = (await answer.json()) as { id?: string; detail?: string };
        if (!answer.ok) throw new ReplaygroundError('replay-refused', `POST /replay answered ${answer.status}: ${detail}`);
        const done = await poll(rig, 'the replay is over', deadline, async () => {
          const response = await fetch(`${url}/replay/${id}`, { signal: AbortSignal.timeout(httpTimeoutMs) });
          const replay = (await response.json()) as Replay;
          return replay.state === 'done' ? { done: replay, seen: '' } : { seen: JSON.stringify(replay).slice(0, 200) };
        });
        const { before, after = before, identical = false, first_difference } = done;
        return conclude(rig, { before, after, identical, firstDifference: first_difference ?? undefined }, tell);
      });
    },

    replayByReset: () =>
      recorder.step({ kind: 'change', what: 'replay by stop, reset of both topics, start', byHand: ['./lab replay'] }, async (tell) => {
        const { client, settings, inspector, config, analyticsUrl } = rig.lab;
        const result = await replayAndCompare({
          lab: client,
          kafka: { inspector, config },
          settings,
          url: async () => analyticsUrl,
          onStep: () => {},
          onProgress: () => {},
        });
        return conclude(rig, result, tell);
      }),
  };
}

function conclude(
  { folder }: Rig,
  { before, after, identical, firstDifference }: ReplayOutcome,
  tell: (result: string) => void,
): ReplayOutcome {
  writeReport(folder, 'metrics_initial.txt', before);
  writeReport(folder, 'metrics_after_replay.txt', after);
  tell(`${before.digest} before, ${after.digest} after`);
  return { before, after, identical, firstDifference };
}
