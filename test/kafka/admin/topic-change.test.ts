import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { topicChange } from '../../../src/kafka/admin/topic-change.ts';
import { commitMark, isOfOtherLogs } from '../../../src/kafka/exactly-once/commit-mark.ts';

const known = { name: 'order-events', id: 'first', partitions: 3 };

describe('what a topic is now, against what it was', () => {
  const cases: [string, Parameters<typeof topicChange>[1], string | undefined][] = [
    ['the same', { id: 'first', partitions: 3 }, undefined],
    ['nothing told yet', {}, undefined],
    ['gone: only one that comes back is another log', { id: 'first', partitions: 0 }, undefined],
    ['made anew', { id: 'second', partitions: 3 }, 'topic-made-anew'],
    ['made anew with other partitions', { id: 'second', partitions: 6 }, 'topic-made-anew'],
    ['grown', { id: 'first', partitions: 6 }, 'topic-grown'],
    ['with fewer partitions, its id not told yet', { partitions: 1 }, 'topic-made-anew'],
  ];
  for (const [what, now, code] of cases) it(what, () => assert.equal(topicChange(known, now)?.code, code));
});

describe('a commit is about the logs that it names', () => {
  const mark = commitMark(['first', 'other']);
  const cases: [string, string | undefined, boolean][] = [
    ['these', mark, false],
    ['these, without the last character', mark.slice(0, -1), false],
    ['others', commitMark(['second', 'other']), true],
    ['none: a tool made it, and is obeyed', undefined, false],
    ['none of ours', 'somebody', false],
  ];
  for (const [what, metadata, expected] of cases) it(what, () => assert.equal(isOfOtherLogs(metadata, mark), expected));
});
