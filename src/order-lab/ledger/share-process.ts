/** The process that reads a share and judges a part: gets its tasks as messages, reports, and ends with its parent. */

import { deadLetterTopic } from '../../kafka/admin/side-topics.ts';
import { redrivenFromHeader } from '../../kafka/dead-letters/read-letter-headers.ts';
import { toErrorMessage } from '../../kafka/errors.ts';
import type { Partition } from '../../kafka/partition.ts';
import { connectReader, readUpTo } from '../../kafka/reading/read-to-end.ts';
import { LedgerBooks } from './books.ts';
import type { Conflict, Finding } from './judge-order.ts';
import { KeepFirst } from './keep-first.ts';
import type { JudgedPart, JudgeTask, ShareReport, ShareTask } from './share.ts';

const reportEvery = 5000;
/** Held ready for a reader that does nothing but read: enough that it never waits for the broker. */
const bulk = { 'queued.max.messages.kbytes': 65_536, 'fetch.message.max.bytes': 1_048_576 };

const report = (message: ShareReport): unknown => process.send?.(message);

process.on('disconnect', () => process.exit());
let books: LedgerBooks | undefined;
process.on('message', async (task: ShareTask | JudgeTask) => {
  try {
    if ('ranges' in task) {
      books = new LedgerBooks(task.topics, task.expected, task.folder);
      await read(task, books);
      report({ tally: books.handOver() });
    } else if (books) {
      report({ judged: judge(task, books) });
    }
  } catch (error) {
    report({ error: toErrorMessage(error) });
  }
});

async function read({ config, topics, ranges }: ShareTask, books: LedgerBooks): Promise<void> {
  await using reader = await connectReader({ ...config, ...bulk, 'client.id': 'lab-ledger' });
  const ends = new Map(ranges.map((range) => [range.topic, [] as number[]]));
  for (const { topic, partition, to } of ranges) (ends.get(topic) as number[])[partition] = to;
  const endOf = ({ topic, partition }: Partition): number => ends.get(topic)?.[partition] ?? 0;
  let count = 0;
  let reported = 0;
  const letters = deadLetterTopic(topics.orders);
  await readUpTo(reader, ranges, (records) => {
    // Hardly ever: one look at all of them tells whether any record has to be looked at closely.
    const someWereSentBack = records.mentions(redrivenFromHeader);
    for (let i = 0; i < records.count; i += 1) {
      const place = { topic: records.topic(i), partition: records.partition(i), offset: records.offset(i) };
      // What came after the ends were asked for may be about records that nobody reads: a decision on an order of this moment.
      if (place.offset >= endOf(place)) continue;
      // What a letter is about is in its headers, and that a record is a letter that was sent back.
      if (place.topic === letters || someWereSentBack) books.add(records.copyOf(i));
      else books.add({ ...place, key: records.key(i), value: records.value(i) });
    }
    count += records.count;
    if (count - reported < reportEvery) return;
    reported = count;
    report({ read: count });
  });
}

function judge({ others, bounds, part, mostFindings }: JudgeTask, books: LedgerBooks): JudgedPart {
  for (const { tally, folder } of others) books.takeOver(tally, folder);
  const byKind = new Map<Finding['kind'], KeepFirst<Finding>>();
  const keep = (finding: Finding): void => {
    const kept = byKind.get(finding.kind) ?? new KeepFirst<Finding>(mostFindings);
    byKind.set(finding.kind, kept);
    kept.add(finding);
  };
  const conflicts = new KeepFirst<Conflict>(mostFindings);
  const totals = books.close(bounds, keep, (conflict) => conflicts.add(conflict), part);
  return { totals, findings: [...byKind.values()].flatMap((kept) => kept.all()), conflicts: conflicts.all() };
}
