import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { IAdminClient } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { readOffsets } from '../../../src/kafka/groups/log-offsets.ts';

type Answer = { offset: number; error?: { message: string } };
type Callback = (error: null, answer: object[]) => void;

const partition = { topic: 'orders', partition: 0 };

/** Answers one list after the other; a look at the topics is counted. */
function standIn(answers: Answer[]): { admin: IAdminClient; described: () => number } {
  let described = 0;
  const admin = {
    listOffsets: (_wanted: object, _options: object, callback: Callback) => callback(null, [{ ...partition, ...answers.shift() }]),
    describeTopics: (_topics: string[], _options: object, callback: Callback) => {
      described += 1;
      callback(null, []);
    },
  };
  return { admin: admin as unknown as IAdminClient, described: () => described };
}

test('asks again with a fresh leader epoch after the broker refused the old one', async () => {
  const { admin, described } = standIn([{ offset: -1, error: { message: 'Leader epoch is older than broker epoch' } }, { offset: 42 }]);
  assert.deepEqual(await readOffsets(admin, [partition], 'latest'), [{ ...partition, offset: 42, error: undefined }]);
  assert.equal(described(), 1);
});

test('an offset that the client left unset is no offset', async () => {
  const { admin } = standIn([{ offset: -1001 }, { offset: -1001 }]);
  assert.deepEqual(await readOffsets(admin, [partition], 'latest'), [
    { ...partition, offset: undefined, error: 'the broker did not answer' },
  ]);
});

test('a time after the last record is an answer', async () => {
  const { admin, described } = standIn([{ offset: -1 }]);
  assert.deepEqual(await readOffsets(admin, [partition], 1), [{ ...partition, offset: -1, error: undefined }]);
  assert.equal(described(), 0);
});
