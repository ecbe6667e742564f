/** What a reset will do, decided without Kafka: from the facts of each partition to its new offset, by the rules of Kafka's own tool. */

import { ReplaygroundError } from '../errors.ts';
import { byPartition, isSamePartition, type Partition, type PartitionOffset } from '../partition.ts';

export type Target =
  | { kind: 'earliest' }
  | { kind: 'latest' }
  | { kind: 'current' }
  | { kind: 'offset'; offset: number }
  | { kind: 'shift'; by: number }
  /** The first record at or after this time (ms since 1970, below 0 before it). */
  | { kind: 'time'; atMs: number }
  /** An offset of -1: nothing is committed. */
  | { kind: 'file'; offsets: readonly PartitionOffset[]; warnings?: readonly string[] };

/** What the broker says about one partition. */
export type PartitionFacts = Partition & {
  /** The committed offset; undefined where there is none. */
  before: number | undefined;
  earliest: number;
  latest: number;
  /** The first record at or after the time of a `time` target; -1 where there is none. */
  atTime: number | undefined;
};

export type PlanRow = Partition & {
  before: number | undefined;
  /** undefined: the commit goes away, as it was before the backup that is restored. */
  newOffset: number | undefined;
  /** Records that are read again (below 0) or skipped (above 0); undefined where nothing was committed. */
  delta: number | undefined;
};

export type Plan = { rows: PlanRow[]; warnings: string[] };

type Choice = { offset: number | undefined; warning?: string };

/**
 * @param target where to
 * @param facts the partitions in scope
 * @returns the new offset of each, by topic and partition; offsets out of range are moved to the nearest end, with a warning
 * @throws ReplaygroundError `cannot-plan` where a partition has no offset that fits the target
 */
export function planReset(target: Target, facts: readonly PartitionFacts[]): Plan {
  const warnings: string[] = target.kind === 'file' ? [...(target.warnings ?? [])] : [];
  const rows = [...facts].sort(byPartition).map((fact) => {
    const { offset, warning } = chooseOffset(target, fact);
    if (warning) warnings.push(warning);
    const { topic, partition, before } = fact;
    return { topic, partition, before, newOffset: offset, delta: deltaOf(before, offset) };
  });
  return { rows, warnings };
}

const deltaOf = (before: number | undefined, after: number | undefined): number | undefined =>
  before === undefined || after === undefined ? undefined : after - before;

function chooseOffset(target: Target, fact: PartitionFacts): Choice {
  const { before, earliest, latest, atTime } = fact;
  switch (target.kind) {
    case 'earliest':
      return { offset: earliest };
    case 'latest':
      return { offset: latest };
    case 'current':
      return { offset: before ?? latest };
    case 'offset':
      return clamp(target.offset, fact);
    case 'shift':
      if (before === undefined) throw cannotPlan(`cannot shift ${nameOf(fact)}: the group has no committed offset there`);
      return clamp(before + target.by, fact);
    case 'time':
      if (atTime !== undefined && atTime >= 0) return { offset: atTime };
      return { offset: latest, warning: `${nameOf(fact)} has no record at or after that time: set to its end, ${latest}` };
    case 'file': {
      const row = target.offsets.find((one) => isSamePartition(one, fact));
      if (!row) throw cannotPlan(`the file has no offset for ${nameOf(fact)}`);
      return row.offset === -1 ? { offset: undefined } : clamp(row.offset, fact);
    }
  }
}

function clamp(offset: number, fact: PartitionFacts): Choice {
  const { earliest, latest } = fact;
  if (offset > latest) return { offset: latest, warning: `${offset} is past the end of ${nameOf(fact)}: set to ${latest}` };
  if (offset < earliest) return { offset: earliest, warning: `${offset} is before the beginning of ${nameOf(fact)}: set to ${earliest}` };
  return { offset };
}

const nameOf = ({ topic, partition }: Partition): string => `${topic} partition ${partition}`;

const cannotPlan = (message: string): ReplaygroundError => new ReplaygroundError('cannot-plan', message);
