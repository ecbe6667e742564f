/** Says that records were deleted before they were read: in the log of the service, its metrics and its health, and noted for the ledger. */
import type { Logger } from 'pino';
import { Counter, type Registry } from 'prom-client';
import { labSettingsTopic } from '../admin/side-topics.ts';
import type { BridgeConsumer } from '../bridge/bridge-consumer.ts';
import type { ClientConfig } from '../client/connect.ts';
import { type DeletedUnread, deletedText } from '../groups/deleted-unread.ts';
import { RefusedError } from '../stalls/refusals.ts';
import { noteDeletions, readDeletions, type TopicIds } from './deletion-notes.ts';

export type DeletedTeller = {
  /** Call before reading on; settles when it is noted, or when the topic of the notes refuses that. */
  onDeleted: (deletions: readonly DeletedUnread[]) => Promise<void>;
  /** What the group has met, in earlier lives of the service too, for people; undefined where nothing. */
  text: () => string | undefined;
};

/**
 * @param options `reader` reads the notes, see `connectForWatermarks`
 * @returns where a consumer tells what was gone before it was read
 * @throws ReplaygroundError `kafka-error`, `kafka-deadline`, `read-stalled` where the notes cannot be read
 */
export async function tellDeleted(options: {
  config: ClientConfig;
  reader: BridgeConsumer;
  group: string;
  ids: TopicIds;
  logger: Pick<Logger, 'error'>;
  registry: Registry;
}): Promise<DeletedTeller> {
  const { config, reader, group, ids, logger, registry } = options;
  const counter = new Counter({
    name: 'replayground_records_deleted_unread_total',
    help: 'Offsets that were deleted from the log before this service had read them',
    labelNames: ['consumergroup', 'topic', 'partition'],
    registers: [registry],
  });
  // What cannot be opened was told when the settings were read.
  const met = await readDeletions(reader, group, ids, () => {});
  let refused: string | undefined;
  return {
    onDeleted: async (deletions) => {
      for (const { topic, partition, from, to } of deletions) {
        counter.inc({ consumergroup: group, topic, partition }, to - from);
        logger.error({ topic, partition, from, to }, deletedText([{ topic, partition, from, to }], group));
      }
      met.push(...deletions);
      try {
        await noteDeletions(config, group, ids, deletions);
      } catch (error) {
        // That nobody can note it must not stop what is there to be read.
        if (!(error instanceof RefusedError)) throw error;
        refused = `${error.message}: what was deleted stands in the log of this service alone, and ./lab ledger may be balanced without it`;
        logger.error({ topic: labSettingsTopic, partition: 0 }, refused);
      }
    },
    text: () => (met.length === 0 ? undefined : [deletedText(met, group), refused].filter((one) => one !== undefined).join('. ')),
  };
}
