/** What a group noted as deleted before it had read it, for the page's ledger. */
import type { DeletedUnread } from '../../kafka/groups/deleted-unread.ts';
import { readDeletions } from '../../kafka/notes/deletion-notes.ts';
import { connectReader } from '../../kafka/reading/read-to-end.ts';
import type { JobContext } from './job-context.ts';

/** @throws ReplaygroundError `kafka-error`, `kafka-deadline`, `kafka-unreachable`, `read-stalled` */
export async function notedDeletions(
  { config, inspector }: JobContext,
  { group, topic }: { group: string; topic: string },
): Promise<DeletedUnread[]> {
  const facts = await inspector.ask('topicFacts', [topic]);
  await using reader = await connectReader({ ...config, 'client.id': 'lab-deletions' });
  return await readDeletions(reader, group, new Map(facts.map(({ name, id }) => [name, id])));
}
