import assert from 'node:assert/strict';
import { test } from 'node:test';
import { partitionOf } from '../../../src/kafka/record/murmur2.ts';
import { createTopic, readAll } from '../../support/kafka.ts';
import { produceAll } from '../../support/produce.ts';

test('a key lies where the clients put it, whatever its length', async () => {
  const topic = await createTopic('keys', 7);
  const keys = [
    '',
    'a',
    'ab',
    'abc',
    'abcd',
    'order-1',
    'Bestellung-äöü',
    '\u0000\u00ff',
    ...Array.from({ length: 300 }, (_, n) => `run-${n}`),
  ].filter(Boolean);
  await produceAll(
    topic,
    keys.map((key) => ({ key, value: 'v' })),
  );
  for (const { key, partition } of await readAll(topic)) assert.equal(partitionOf(key as Buffer, 7), partition, String(key));
});
