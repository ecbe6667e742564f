/**
 * Ends of transactions that Kafka itself has left out (KAFKA-20734; 4.3 and 4.4): the coordinator takes a partition that has no leader at the
 * moment for deleted, and skips its marker. Readers of committed records stop there, and the next commit of the same producer lets them read what
 * was aborted. None of that is the doing of the system under test.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KafkaInspector } from '../../../kafka/groups/inspector.ts';
import type { SystemFile } from '../../systems/file/system-schema.ts';
import { groupsOf, isOfStreams } from '../kafka/system-facts.ts';
import type { Finding, LedgerVerdict } from './judge-ledger.ts';

/** How often the end of a transaction of this id was not written into a partition. */
export type SkippedMarker = { transactionalId: string; topic: string; partition: number; times: number };

const logFile = /^broker\.log(\.\d+)?$/;
const offsetsTopic = '__consumer_offsets';
/** As `TransactionMarkerChannelManager` says it; what is around the partitions is how Scala prints a set, which depends on its size. */
const skipping =
  /Couldn't find leader endpoint for partitions \w*[([](.*)[)\]] while trying to send transaction markers for (.*), these partitions are likely deleted/g;

/** @param log of a broker @returns what it says of skipped markers, in the order of the log; those of deleted topics too: Kafka does not tell them apart */
export function skippedIn(log: string): SkippedMarker[] {
  const found = new Map<string, SkippedMarker>();
  for (const [, partitions = '', transactionalId = ''] of log.matchAll(skipping)) {
    for (const place of partitions.split(', ')) {
      const at = place.lastIndexOf('-');
      const key = `${place} ${transactionalId}`;
      const known = found.get(key);
      if (known) known.times += 1;
      else found.set(key, { transactionalId, topic: place.slice(0, at), partition: Number(place.slice(at + 1)), times: 1 });
    }
  }
  return [...found.values()];
}

/**
 * @param homes folders of brokers, with their logs
 * @returns what was skipped in topics that are still there and that the verdict rests on: named in `system.yaml`, or with offsets or state of its groups
 */
export async function skippedMarkers(
  homes: readonly string[],
  inspector: Pick<KafkaInspector, 'ask'>,
  system: SystemFile,
): Promise<SkippedMarker[]> {
  const logs: string[] = [];
  for (const home of homes) {
    const names = (await readdir(home)).filter((name) => logFile.test(name));
    for (const name of names) logs.push(await readFile(join(home, name), 'utf8'));
  }
  const skipped = skippedIn(logs.join('\n'));
  if (skipped.length === 0) return [];
  const there = await inspector.ask('listTopics');
  const groups = groupsOf(system).map(({ group }) => group);
  const matters = (topic: string): boolean =>
    Object.hasOwn(system.topics, topic) || topic === offsetsTopic || groups.some((group) => isOfStreams(topic, group));
  return skipped.filter(({ topic }) => there.includes(topic) && matters(topic));
}

/** @returns one line for people; none where nothing was skipped */
export function skippedText(skipped: readonly SkippedMarker[]): string[] {
  if (skipped.length === 0) return [];
  const places = skipped.map(
    ({ transactionalId, topic, partition, times }) =>
      `of ${transactionalId} in ${topic}/${partition} ${times === 1 ? 'once' : `${times} times`}`,
  );
  return [
    `Kafka skipped ends of transactions (its bug KAFKA-20734): ${places.join(', ')}. A record that is repeated or not read there is the broker's doing: about it this run is inconclusive for the system`,
  ];
}

/** @returns the ledgers without the findings that skipped markers can explain */
export function withoutSkipped(
  ledgers: readonly LedgerVerdict[],
  skipped: readonly SkippedMarker[],
  system: Pick<SystemFile, 'topics' | 'ledger'>,
): LedgerVerdict[] {
  const isExplained = explainedBy(skipped, system);
  return ledgers.map((ledger) => {
    const findings = ledger.findings.filter((finding) => !isExplained(finding));
    const count = (kind: Finding['kind']): number => findings.filter((finding) => finding.kind === kind).length;
    return { ...ledger, findings, lost: count('lost'), repeated: count('repeated') };
  });
}

function explainedBy(skipped: readonly SkippedMarker[], { topics, ledger }: Pick<SystemFile, 'topics' | 'ledger'>) {
  // Where offsets or state have no end, any record may be done again or passed over.
  const isAnywhere = skipped.some(({ topic }) => !Object.hasOwn(topics, topic));
  const isSkippedAt = (place: { topic: string; partition: number }): boolean =>
    skipped.some(({ topic, partition }) => topic === place.topic && partition === place.partition);
  return ({ kind, from, to, outputs }: Finding): boolean => {
    if (kind === 'repeated') return isAnywhere || outputs.some(isSkippedAt);
    if (kind !== 'lost') return false;
    // What lies behind an open transaction cannot be read, so it is not known in which partition it would be.
    const letters = ledger.find((one) => one.from === from && one.to === to)?.['dead-letters'] ?? [];
    return isAnywhere || skipped.some(({ topic }) => topic === to || letters.includes(topic));
  };
}

/** @returns whether a reader of the system may wait for the end of a transaction that never comes */
export const holdsReaders = (skipped: readonly SkippedMarker[], { topics, services }: Pick<SystemFile, 'topics' | 'services'>): boolean =>
  skipped.some(({ topic }) => !Object.hasOwn(topics, topic) || Object.values(services).some(({ reads = [] }) => reads.includes(topic)));
