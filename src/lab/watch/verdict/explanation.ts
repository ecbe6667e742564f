/** The lab's explanation of itself as one answer, out of all that the page has. Pure. */
import type { Snapshot } from '../../wire/all.ts';
import type { Explanation } from '../../wire/explanation.ts';

/** @returns the sentences, the groups, and the causes, the newest first */
export function explanationOf({ at, live, marks }: Pick<Snapshot, 'at' | 'live' | 'marks'>): Explanation {
  return {
    at,
    insights: live.insights,
    groups: live.groups.map(
      ({ group, service, state, members, totalLag, ageSec, readPerSec, trend, drainSec, verdict, verdictText, autoscaler }) => ({
        group,
        service,
        state,
        members: members.length,
        totalLag,
        ageSec,
        readPerSec,
        trend,
        drainSec,
        verdict,
        verdictText,
        autoscaler,
      }),
    ),
    causes: marks
      .filter(({ kind }) => kind !== 'forecast')
      .toSorted((a, b) => b.atMs - a.atMs)
      .map(({ atMs, kind, subject, text }) => ({ at: new Date(atMs).toISOString(), kind, subject, text })),
  };
}
