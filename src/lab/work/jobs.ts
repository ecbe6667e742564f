/** The jobs of the worker, by name. */
import { listDeadLetters, redriveDeadLetters } from './dead-letter-jobs.ts';
import { findJourney } from './journey-job.ts';
import { planOffsets, resetOffsets } from './offset-jobs.ts';
import { burst, publishSettings, sendRecord } from './produce-jobs.ts';
import { nextRecordTimes } from './record-times-job.ts';
import { findRecords } from './records-job.ts';
import { describeAllTopics } from './topics-job.ts';

export const jobs = {
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
