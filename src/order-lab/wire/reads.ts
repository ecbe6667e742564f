/** What the API answers to who looks closer: topics, records, orders, dead letters, groups. */

import type { TopicConfig } from '../../kafka/admin/topic-configs.ts';
import type { RecordJson } from '../../kafka/record/show-record.ts';
import type { RedriveCounts } from '../../kafka/redrive/redrive-words.ts';
import type { Command } from '../../lab/wire/command.ts';
import type { GroupPartition, GroupStateName, GroupTypeName, MemberView } from '../../lab/wire/live.ts';
import type { FindingStory } from '../ledger/finding-story.ts';

// ---------------------------------------------------------------------------------------------------- topics, records, orders

/** `GET /api/ledger`: each order against each decision, read from the log now. `stories`: the first of its findings; `found`: how many there are. */
export type LedgerCheck = { text: string; balanced: boolean; found: number; stories: FindingStory[]; tookMs: number; command: Command };
export type { FindingStory };

/** `GET /api/topics` */
export type Topics = { topics: TopicView[]; command: Command };

export type TopicView = {
  name: string;
  role: 'orders' | 'inventory' | 'dead-letters' | 'settings' | 'internal' | 'other';
  partitions: {
    partition: number;
    /** First offset and end (high watermark, control records included). */
    low: number | null;
    end: number | null;
    leader: number | null;
    replicas: number[];
    isr: number[];
    error: string | null;
  }[];
};

/** `GET /api/topics/configs`: by topic, what was set for it first. Topics that the broker does not tell of are left out. */
export type TopicConfigs = { topics: Record<string, TopicConfig[]>; command: Command };
export type { TopicConfig };

/**
 * `GET /api/topics/:topic/records?from=&partition=&limit=&key=&text=&uncommitted=`
 * `from`: `newest` (default), `earliest`, an offset, or an RFC 3339 time. `limit` 1 to 500, default 50. `key`: exactly this key.
 * `text`: somewhere in key, value or headers, case ignored. `uncommitted=true`: also of open and aborted transactions.
 */
export type RecordsPage = {
  topic: string;
  order: 'newest-first' | 'oldest-first';
  records: RecordView[];
  /** Records looked at for this answer. */
  scanned: number;
  /** Whether all there is was looked at; else narrow the search. */
  complete: boolean;
  command: Command;
};

export type RecordView = RecordJson & {
  /** As the services read it; null for topics that are none of theirs. */
  reading: { ok: true; eventType: string; orderId: string } | { ok: false; reason: string; message: string } | null;
};

/** `GET /api/orders/:orderId?longer=`: every record of the order, over all topics, by time. Searches 5 s, or up to 60 s with `longer=true`. */
export type Journey = {
  orderId: string;
  steps: JourneyStep[];
  /** In one sentence. */
  text: string;
  /** Whether the search came to its end in time; else ask for longer. */
  complete: boolean;
  command: Command;
};

export type JourneyStep = {
  what: 'placed' | 'duplicate' | 'reserved' | 'failed' | 'released' | 'dead-lettered' | 'unreadable';
  record: RecordView;
  /** Since the first step; null where a record has no time. */
  afterMs: number | null;
  /** Which groups have read beyond it. */
  readBy: string[];
};

// ---------------------------------------------------------------------------------------------------- dead letters

/** `GET /api/dead-letters?topic=&limit=`: newest first. */
export type DeadLetters = {
  /** Null where there are more than were looked at. */ total: number | null;
  letters: DeadLetterView[];
  command: Command;
};

export type DeadLetterView = {
  /** `partition:offset` in the dead-letter topic. */
  id: string;
  topic: string;
  at: string | null;
  reason: string | null;
  message: string | null;
  group: string | null;
  from: { topic: string; partition: number | null; offset: number | null } | null;
  redrives: number;
  /** Which letter it was when it was sent back and died again; null for the first time. */
  before: string | null;
  /** What became of it when it was sent back: `accepted`, `not read yet`, `rejected again: 0:18 (bad-json)`; null where it was not. */
  sentBack: string | null;
  record: RecordJson;
  /** Null where it can be sent back, else why not. */
  redriveRefused: string | null;
};

/** `POST /api/dead-letters/redrive`: `topic` is `order-events` or its dead-letter topic; `letters` by id, or `all` since the last `all`. */
export type RedriveRequest = { topic: string; letters?: string[]; all?: true; maxRedrives?: number; plan?: boolean };
export type Redriven = RedriveCounts & {
  letters: { id: string; to: string | null; result: string }[];
  command: Command;
};

// ---------------------------------------------------------------------------------------------------- groups

/** `GET /api/groups/:group`: asked now, any group of the broker. */
export type GroupDetail = {
  group: string;
  state: GroupStateName;
  type: GroupTypeName;
  assignor: string | null;
  coordinator: { id: number; host: string; port: number } | null;
  members: MemberView[];
  partitions: Pick<GroupPartition, 'topic' | 'partition' | 'committed' | 'end' | 'lag' | 'owner' | 'error'>[];
  command: Command;
};
