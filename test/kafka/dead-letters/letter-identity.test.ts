import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Message } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { deadLetter } from '../../../src/kafka/dead-letters/build-letter.ts';
import { conceded } from '../../../src/kafka/dead-letters/fit-letter.ts';
import { identitiesOf, identityOfLetter } from '../../../src/kafka/dead-letters/letter-identity.ts';
import { clientHeader, type HeaderPair } from '../../../src/kafka/record/headers.ts';
import type { Output } from '../../../src/kafka/record/output.ts';

const record = (changes: Partial<Message> = {}): Message => ({
  topic: 'decisions',
  partition: 1,
  offset: 7,
  key: Buffer.from('k'),
  value: Buffer.from('garbage'),
  size: 7,
  timestamp: 5,
  headers: [{ own: Buffer.from('1') }],
  ...changes,
});
const letterOf = (of: Message): Output => deadLetter(of, { reason: 'bad-json', message: 'no' }, 'g', new Date(0));
const isLetterOf = (letter: Output, of: Message): boolean => identitiesOf(of).includes(identityOfLetter(letter) as string);
const claims = (topic: string, partition: string, offset: string): HeaderPair[] => [
  ['__replayground.errors.topic', topic],
  ['__replayground.errors.partition', partition],
  ['__replayground.errors.offset', offset],
];

describe('a dead letter', () => {
  it('is known again by the place and the record, not by who wrote when and why', () => {
    assert.ok(isLetterOf(letterOf(record()), record()));
    assert.ok(isLetterOf(letterOf(record({ value: null, key: null })), record({ value: null, key: null })));
    for (const other of [
      { offset: 8 },
      { partition: 2 },
      { topic: 'orders' },
      { value: Buffer.from('x') },
      { key: null },
      { headers: [] },
    ]) {
      assert.ok(!isLetterOf(letterOf(record()), record(other)), JSON.stringify(other));
    }
  });

  it('is not confused by what its record carried: headers of ours, of another place', () => {
    const stranger = record({ headers: claims('decisions', '1', '999999').map(clientHeader) });
    const letter = letterOf(stranger);
    assert.ok(isLetterOf(letter, stranger));
    assert.ok(!isLetterOf(letter, record({ offset: 999999 })));
  });

  it('is not one that somebody forged with the right place and other bytes', () => {
    const forged = { ...letterOf(record()), value: Buffer.from('forged') };
    assert.ok(!isLetterOf(forged, record()));
    assert.equal(identityOfLetter({ value: null, headers: [{ own: '1' }] }), undefined);
  });

  it('is known again when it was cut, by the digest of the whole', () => {
    const big = record({ value: Buffer.alloc(2_000_000, 'x') });
    const [cut] = conceded([letterOf(big)], 10, 0) as [Output];
    assert.ok((cut.value?.length ?? 0) < 2_000_000);
    assert.ok(isLetterOf(cut, big));
    assert.ok(!isLetterOf(cut, record({ value: Buffer.alloc(2_000_000, 'y') })));
  });
});
