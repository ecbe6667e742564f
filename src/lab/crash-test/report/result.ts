/** A crash test when it is over, as one value: what `--json` prints, and what the report is made of. */

import type { Situation } from '../../report/situation.ts';
import type { CostedFault } from '../judge/fault-costs.ts';
import type { SkippedMarker } from '../judge/skipped-markers.ts';
import type { Story } from '../judge/story.ts';
import type { Outcome, Verdict } from '../judge/verdict.ts';
import type { Sample } from '../watch/group-history.ts';

export type CrashTestResult = {
  system: string;
  summary: string | undefined;
  seed: string;
  minutes: number;
  /** Of its own; 0 where it ran on a Kafka of somebody else. */
  brokers: number;
  /** Records that the load has put in, duplicates and unreadable ones not counted. */
  sent: number;
  /** Different ids that came in. */
  ids: number;
  /** Times in ms since 1970. */
  startMs: number;
  endMs: number;
  faults: CostedFault[];
  verdict: Verdict;
  outcome: Outcome;
  sometimes: Situation[];
  firstFindings: Story[];
  /** Why it is said not to have come back; empty where it did. */
  notBack: string[];
  /** What else is to be known of the run. */
  remarks: string[];
  /** Ends of transactions that Kafka left out, where the verdict rests on them. */
  skippedMarkers: SkippedMarker[];
  samples: readonly Sample[];
};

/** What `--json` prints: times are RFC 3339. @param report path of the page */
export function resultJson(result: CrashTestResult, report: string) {
  const { system, seed, minutes, sent, faults, verdict, sometimes, firstFindings } = result;
  const { lost, repeated, invented, outOfOrder, stalledSec, cameBack, poisoned, behavesAs, claim, held } = verdict;
  return {
    system,
    seed,
    minutes,
    sent,
    faults: faults.map(({ at, until, ...fault }) => ({ ...fault, at: iso(at), until: iso(until) })),
    verdict: { lost, repeated, invented, outOfOrder, stalledSec, cameBack, poisoned, behavesAs, claim, held },
    sometimes,
    firstFindings,
    report,
  };
}

/** What report.json holds: the same, and what the page shows beside it. @param facts what it was measured on, and what lies beside it */
export function reportJson<F extends object>(result: CrashTestResult, report: string, facts: F) {
  const { brokers, ids, outcome, notBack, remarks, skippedMarkers, startMs, endMs, verdict } = result;
  const more = {
    startedAt: iso(startMs),
    endedAt: iso(endMs),
    brokers,
    ids,
    unread: verdict.unread,
    outcome,
    notBack,
    remarks,
    skippedMarkers,
  };
  return { ...resultJson(result, report), ...more, ...facts };
}

const iso = (ms: number): string => new Date(ms).toISOString();
