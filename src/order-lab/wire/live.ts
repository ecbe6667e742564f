/** What the page shows of the order pipeline as it happens: what any lab tells, with the types of what this one adds. */
import type * as lab from '../../lab/wire/all.ts';
import type { Metrics } from '../../pipeline/analytics/metrics.ts';
import type { Equation } from '../ledger/equation.ts';
import type { LabState } from './lab-state.ts';
import type { ReplayState } from './writes.ts';

export type Pipeline = {
  ordersTopic: string;
  inventoryTopic: string;
  deadLetterTopics: string[];
  inventoryGroup: string;
  analyticsGroup: string;
  notificationsTopic: string;
  /** Of the letters that the broker writes for the share group of the notifications. */
  notificationLetters: string;
};

/** Each figure from the broker or from the view of analytics, whose figures and position are of one moment. */
export type Ledger = Equation & {
  /** Equation and promises in one sentence, as `./lab ledger` says it. */
  text: string;
  /** Records of the orders topic that inventory committed. */
  read: number;
  /** Deleted from the log before inventory had read them, as it noted or will find. Control records take offsets too. */
  deletedUnread: number;
  /** Records of the orders topic in the view, and what became of them. */
  seen: number;
  orders: number;
  /** Records of it that analytics could not read. */
  deadLetters: number;
  /** Of these, those that inventory has not come to yet: they are in flight. */
  deadAhead: number;
  /** Of what is seen, those that are missing in the view and not in the log either: at most as many as it lost. */
  deleted: number;
};

/** `metrics`: `GET /metrics` of analytics-service; kept as it was last, see `sources.analytics`. */
export type LiveState = Omit<lab.LiveState, 'metrics' | 'ledger'> & { metrics: Metrics | null; ledger: Ledger | null };

export type Snapshot = Omit<lab.Snapshot, 'lab' | 'pipeline' | 'live' | 'replay'> & {
  lab: LabState;
  pipeline: Pipeline | null;
  live: LiveState;
  replay: ReplayState | null;
};

export type LiveEvents = Omit<lab.LiveEvents, 'replay' | 'state'> & { replay: ReplayState; state: LiveState };

export type Frame = Omit<lab.Frame, 'live' | 'replay'> & { live: LiveState; replay: ReplayState | null };

export type RecordingFacts = Omit<lab.RecordingFacts, 'pipeline'> & { pipeline: Pipeline | null };

export type Recording = Omit<lab.Recording, 'pipeline'> & Pick<RecordingFacts, 'pipeline'>;
