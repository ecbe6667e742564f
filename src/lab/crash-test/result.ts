/** A crash test when it is over, as one value: what `--json` prints, and what the report is made of. */
import type { Fault } from './fault.ts';
import type { Sample } from './group-history.ts';
import type { Situation } from './situations.ts';
import type { Story } from './story.ts';
import type { Outcome, Verdict } from './verdict.ts';

export type CrashTestResult = {
  system: string;
  summary: string | undefined;
  seed: string;
  minutes: number;
  brokers: number;
  /** Records that the load has put in, duplicates and unreadable ones not counted. */
  sent: number;
  /** Different ids that came in. */
  ids: number;
  /** Times in ms since 1970. */
  startMs: number;
  endMs: number;
  faults: Fault[];
  verdict: Verdict;
  outcome: Outcome;
  sometimes: Situation[];
  firstFindings: Story[];
  /** Why it is said not to have come back; empty where it did. */
  notBack: string[];
  samples: readonly Sample[];
};

/** The object of the contract; times are RFC 3339. `report` is the path of the page. */
export function resultJson(result: CrashTestResult, report: string): object {
  const { system, seed, minutes, brokers, sent, faults, verdict, outcome, sometimes, firstFindings, notBack } = result;
  const iso = (ms: number): string => new Date(ms).toISOString();
  return {
    system,
    seed,
    minutes,
    brokers,
    sent,
    faults: faults.map(({ at, until, ...fault }) => ({ ...fault, at: iso(at), until: iso(until) })),
    verdict,
    outcome,
    sometimes,
    firstFindings,
    notBack,
    report,
  };
}
