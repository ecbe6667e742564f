/** The jobs of the worker, by name. */

import { sentAstray } from '../../kafka/access/explain-silence.ts';
import { listDeadLetters, redriveDeadLetters } from './dead-letter-jobs.ts';
import { notedDeletions } from './deletions-job.ts';
import type { JobContext } from './job-context.ts';
import { findJourney } from './journey-job.ts';
import { checkLedger } from './ledger-job.ts';
import { planOffsets, resetOffsets } from './offset-jobs.ts';
import { burst, loadBurst, publishSettings, sendRecord } from './produce-jobs.ts';
import { nextRecordTimes } from './record-times-job.ts';
import { findRecords } from './records-job.ts';
import { describeAllTopics } from './topics-job.ts';

/** The process is there, and it has reached Kafka. */
const getReady = async ({ inspector }: JobContext): Promise<void> => void (await inspector.ask('listTopics'));

/** Why nobody answers, where that can be told. */
const whySilent = ({ config }: JobContext): Promise<string | undefined> => sentAstray(config);

export const jobs = {
  getReady,
  whySilent,
  burst,
  loadBurst,
  publishSettings,
  sendRecord,
  planOffsets,
  resetOffsets,
  findRecords,
  findJourney,
  describeAllTopics,
  listDeadLetters,
  redriveDeadLetters,
  nextRecordTimes,
  notedDeletions,
  checkLedger,
};
export type Jobs = typeof jobs;
