/** The thread of page-check.ts: its `workerData` is the file, its one message what is wrong with it. */
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { faultOfPages } from './page-check.ts';

function check(file: string): string | undefined {
  try {
    return faultOfPages(new DatabaseSync(file, { readOnly: true }));
  } catch (error) {
    return (error as Error).message;
  }
}

parentPort?.postMessage(check(workerData as string));
