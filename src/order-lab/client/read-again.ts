/** Has a service read all again: stops it, takes its group back to the beginning, starts it, and looks at it before and after. */

import { ReplaygroundError } from '../../kafka/errors.ts';
import type { GroupState } from '../../kafka/groups/group-state.ts';
import { recordsLeft } from '../../kafka/groups/records-left.ts';
import { type GroupTopics, waitDrained } from '../../kafka/groups/wait-drained.ts';
import { executeReset, type ResetClients, type ResetResult, waitUntilInactive } from '../../kafka/offsets/reset.ts';
import { byPartition } from '../../kafka/partition.ts';
import type { LabClient } from './lab-client.ts';

export type ReadAgainOptions<Look> = {
  lab: Pick<LabClient, 'post'>;
  kafka: ResetClients;
  /** Where the backup of the offsets goes. */
  labHome: string;
  service: string;
  /** Its group, with all that it reads. */
  reader: GroupTopics;
  /** Groups that still may write into what it reads. */
  upstream: readonly GroupTopics[];
  /** Asked when all is read: once before, and once after, with what was seen before and the partition numbers that were taken back. */
  look: (again?: { before: Look; partitions: number[] }) => Promise<Look>;
  /** What is being done, for people. */
  onStep: (text: string) => void;
  /** Called with the records that are left, several times a second. */
  onProgress: (left: number) => void;
};

export type ReadAgain<Look> = {
  before: Look;
  after: Look;
  /** What the group had read when all was over. */
  read: GroupState[];
  /** Offsets read again, those of control records included. */
  offsetsRead: number;
  /** From the start of the service until its lag was 0 (ms). */
  durationMs: number;
  backup: string;
};

const stalledAfterMs = 60_000;
/** Longer than the session of a member that was killed. */
const leaveTimeoutMs = 60_000;

/**
 * @returns what was seen before and after, over the same log
 * @throws ReplaygroundError `not-drained`, `orders-arriving` where no comparison is possible; those of the reset and of `look`
 */
export async function readAgain<Look>(options: ReadAgainOptions<Look>): Promise<ReadAgain<Look>> {
  const { lab, kafka, labHome, service, reader, upstream, look, onStep, onProgress } = options;
  const waiting = { stalledAfterMs, onProgress, countLeft: (states: readonly GroupState[]) => recordsLeft(kafka.config, states) };
  onStep('waiting until everything is read');
  // First those before it: what they still write becomes work for it.
  await waitDrained(kafka.inspector, upstream, waiting);
  const drained = await waitDrained(kafka.inspector, [reader], waiting);
  const before = await look();

  onStep(`stopping ${service}`);
  await lab.post(`/api/services/${service}/stop`);
  let reset: ResetResult;
  try {
    await waitUntilInactive(kafka.inspector, reader.group, leaveTimeoutMs);
    onStep(`taking ${reader.topics.join(' and ')} back to the beginning`);
    const scope = reader.topics.map((topic) => ({ topic, partitions: undefined }));
    reset = await executeReset(kafka, { group: reader.group, target: { kind: 'earliest' }, scope }, labHome);
  } finally {
    onStep(`starting ${service}`);
    await lab.post(`/api/services/${service}/start`);
  }
  onStep('reading again');
  const startedAt = performance.now();
  const read = await waitDrained(kafka.inspector, [reader], waiting);
  const durationMs = performance.now() - startedAt;
  const after = await look({ before, partitions: takenBack(reset) });
  checkSameLog(drained, read, reset.backup);
  return {
    before,
    after,
    read,
    offsetsRead: reset.rows.reduce((sum, { delta }) => sum - (delta ?? 0), 0),
    durationMs,
    backup: reset.backup,
  };
}

const takenBack = ({ rows }: ResetResult): number[] => [
  ...new Set(rows.filter(({ delta }) => delta !== undefined && delta < 0).map(({ partition }) => partition)),
];

/** Only two runs over the same log can be compared. */
function checkSameLog(before: readonly GroupState[], after: readonly GroupState[], backup: string): void {
  const ends = (states: readonly GroupState[]): string =>
    JSON.stringify(
      states
        .flatMap(({ partitions }) => partitions)
        .sort(byPartition)
        .map(({ topic, partition, end }) => [topic, partition, end]),
    );
  if (ends(before) === ends(after)) return;
  throw new ReplaygroundError(
    'orders-arriving',
    `records arrived during the replay, so before and after are not of the same log: repeat it when nobody sends any (backup of the offsets: ${backup})`,
    { retriable: true },
  );
}
