/** The jobs of the worker, by name. */

import { listDeadLetters, redriveDeadLetters } from './dead-letter-jobs.ts';
import type { JobContext } from './job.ts';
import { findJourney } from './journey-job.ts';
import { planOffsets, resetOffsets } from './offset-jobs.ts';
import { burst, publishSettings, sendRecord } from './produce-jobs.ts';
import { nextRecordTimes } from './record-times-job.ts';
import { findRecords } from './records-job.ts';
import { describeAllTopics } from './topics-job.ts';

/** The process is there, and it has reached Kafka. */
const getReady = async ({ inspector }: JobContext): Promise<void> => void (await inspector.ask('listTopics'));

export const jobs = {
  getReady,
  burst,
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
};
export type Jobs = typeof jobs;
