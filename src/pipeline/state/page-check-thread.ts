/** The thread of page-check.ts: its `workerData` says what to check, its one message what is wrong with it. */
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { sumOfBytes } from './file-sum.ts';
import { changedText, type FileCheck, faultOfPages } from './page-check.ts';

function check({ file, closed }: FileCheck): string | undefined {
  try {
    if (closed) return sumOfBytes(closed.descriptor) === closed.sum ? undefined : changedText;
    return faultOfPages(new DatabaseSync(file, { readOnly: true }));
  } catch (error) {
    return (error as Error).message;
  }
}

parentPort?.postMessage(check(workerData as FileCheck));
