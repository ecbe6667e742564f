import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findingStory, type Seen } from '../../../src/order-lab/ledger/finding-story.ts';
import type { Finding, HistoryRecord } from '../../../src/order-lab/ledger/judge-order.ts';

const atMs = Date.parse('2026-11-27T12:00:00Z');
const record = (what: HistoryRecord['what'], offset: number): HistoryRecord => ({
  ...{ topic: what === 'decision' ? 'decisions' : 'orders', partition: 0, offset, what },
});
const seen = (one: HistoryRecord, second: number, isCommitted = true): Seen => ({
  ...{ topic: one.topic, partition: one.partition, offset: one.offset },
  ...{ atMs: atMs + second * 1000, isCommitted },
});
const mark = (kind: string, subject: string, second: number) => ({ kind, subject, text: 'SIGKILL', atMs: atMs + second * 1000 });
const finding = (kind: Finding['kind'], records: HistoryRecord[]): Finding => ({
  ...{ kind, topic: 'orders', partition: 0, offset: 0, id: 'o-1', records },
});

describe('the story of a finding', () => {
  const [order, decision, again, source] = [record('order', 7), record('decision', 3), record('decision', 9), record('source', 8)];

  it('names a duplicate, its records, the crash near the second decision, and the process', () => {
    const witness = {
      marks: [mark('kill', 'inventory-service.2', 8), mark('rebalance', 'group', 9), mark('kill', 'kafka', 60)],
      passedAt: () => undefined,
    };
    const story = findingStory(
      finding('decided-twice', [order, decision, again]),
      [seen(order, -30), seen(decision, 1), seen(again, 10)],
      witness,
    );
    assert.deepEqual([story.jepsen, story.process], ['duplicate', 'inventory-service.2']);
    assert.deepEqual(
      story.faults?.map(({ kind }) => kind),
      ['kill', 'rebalance'],
    );
    assert.equal(
      story.text,
      'order orders/0@7 at 11:59:30.000; decision decisions/0@3 at 12:00:01.000; decision decisions/0@9 at 12:00:10.000; ' +
        'near: kill of inventory-service.2 at 12:00:08.000 (SIGKILL)',
    );
  });

  it('finds what happened to a lost write where the group passed it, however long the order had waited', () => {
    const witness = { marks: [mark('crash', 'inventory-service.1', 100)], passedAt: () => atMs + 102_000 };
    const story = findingStory(finding('missing', [order]), [seen(order, 0)], witness);
    assert.deepEqual([story.jepsen, story.process, story.passedAt], ['lost-write', 'inventory-service.1', '2026-11-27T12:01:42.000Z']);
    assert.match(story.text, /; passed by 12:01:42\.000; near: crash of inventory-service\.1/);
  });

  it('claims nothing of what happened near a lost write while nobody has seen the group pass it', () => {
    const witness = { marks: [mark('crash', 'inventory-service.1', 1)], passedAt: () => undefined };
    const story = findingStory(finding('missing', [order]), [seen(order, 0)], witness);
    assert.deepEqual([story.faults, story.process, story.passedAt], [null, null, null]);
    assert.doesNotMatch(story.text, /nothing happened/);
  });

  it('calls a decision on a record of an aborted transaction an aborted read, and one on any other record unexpected', () => {
    for (const [isCommitted, jepsen] of [
      [false, 'aborted-read'],
      [true, 'unexpected'],
    ] as const) {
      const story = findingStory(finding('no-order', [source, decision]), [seen(source, 0, isCommitted), seen(decision, 1)], undefined);
      assert.equal(story.jepsen, jepsen);
    }
    assert.match(findingStory(finding('no-order', [source, decision]), [], undefined).text, /made on orders\/0@8, where nothing is/);
  });

  it('calls a decision on a later record out of order', () => {
    const story = findingStory(finding('out-of-order', [order, record('order', 8), decision]), [], undefined);
    assert.equal(story.jepsen, 'nonmonotonic-send');
  });

  it('says that nothing happened near it, and says nothing where no lab runs that could know', () => {
    const of = (witness: Parameters<typeof findingStory>[2]) =>
      findingStory(finding('decided-twice', [order, decision]), [seen(decision, 1)], witness);
    assert.match(
      of({ marks: [mark('kill', 'inventory-service.1', 60)], passedAt: () => undefined }).text,
      /nothing happened within 5 s of it$/,
    );
    const alone = of(undefined);
    assert.deepEqual([alone.faults, alone.process], [null, null]);
    assert.doesNotMatch(alone.text, /nothing happened/);
  });
});
