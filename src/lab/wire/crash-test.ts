/** A crash test while it goes on: what its page shows beside picture and curves. */

/** What the log says so far. Of what is under way it says nothing: lost is what the group has read past. */
export type LedgerSoFar = { ids: number; lost: number; repeated: number; invented: number; outOfOrder: number; unread: number };

export type CrashTestView = {
  seed: string;
  /** `storm`: faults under load. `reading on`: without them. `judging`: all is read by the lab. */
  phase: 'storm' | 'reading on' | 'judging' | 'over';
  startedAt: string;
  /** When the storm is to end. */
  stormUntil: string;
  claim: string | null;
  /** Records of the load. */
  sent: number;
  faults: number;
  lastFault: string | null;
  /** What the run has to reach to mean anything. */
  sometimes: { situation: string; times: number; needed: number }[];
  /** Null until the log was read for the first time. */
  soFar: LedgerSoFar | null;
  /** As far as the log shows: the strongest guarantee that it agrees with. */
  behavesAs: string | null;
  /** When it is over. */
  outcome: 'held' | 'not-held' | 'inconclusive' | null;
  /** The verdict in words, as terminal and report have them, when it is over. */
  reason: string | null;
};
