/** Plans, resets and undoes offsets for the page, by the same rules as `./lab offsets`. */
import { basename } from 'node:path';
import { readGroupState } from '../../kafka/groups/group-state.ts';
import { readBackup } from '../../kafka/offsets/backup.ts';
import type { Plan, Target } from '../../kafka/offsets/plan.ts';
import { executeReset, planNow, type ResetRequest, waitUntilInactive } from '../../kafka/offsets/reset.ts';
import { parseScope, type Scope } from '../../kafka/offsets/scope.ts';
import { parseTarget, type TargetOptions } from '../../kafka/offsets/target.ts';
import { resetRefusal } from '../../lab/watch/verdict/reset-refusal.ts';
import type { OffsetsPlan, OffsetTarget } from '../wire/all.ts';
import type { JobContext } from './job-context.ts';

/** Longer than the session of a member that was killed (ms). */
const leaveTimeoutMs = 60_000;

export type OffsetsArgs = {
  group: string;
  /** The service whose group it is, for what to do about members. */
  service: string | undefined;
  to: { target: OffsetTarget; topics: string[] | undefined } | { /** The newest where it is undefined. */ backup: string | undefined };
  /** Wait until the members have left. */
  waitForLeave: boolean;
};

/** @throws ReplaygroundError `usage`, `cannot-plan`, `no-backup` */
export async function planOffsets({ inspector, settings }: JobContext, args: OffsetsArgs): Promise<Omit<OffsetsPlan, 'command'>> {
  const request = requestOf(args, settings.labHome);
  const [plan, state] = await Promise.all([planNow(inspector, request), readGroupState(inspector, args.group)]);
  return answer(args.group, plan, {
    executed: false,
    refused: resetRefusal(args.group, state, args.service),
    backup: null,
    backupPath: null,
  });
}

/** @throws ReplaygroundError those of a plan, and `group-active`, `reset-not-verified` */
export async function resetOffsets({ inspector, config, settings }: JobContext, args: OffsetsArgs): Promise<Omit<OffsetsPlan, 'command'>> {
  const request = requestOf(args, settings.labHome);
  if (args.waitForLeave) await waitUntilInactive(inspector, args.group, leaveTimeoutMs);
  const { backup, ...plan } = await executeReset({ inspector, config }, request, settings.labHome);
  return answer(args.group, plan, { executed: true, refused: null, backup: basename(backup), backupPath: backup });
}

function requestOf({ group, service, to }: OffsetsArgs, labHome: string): ResetRequest {
  const howToStop = service ? `./lab stop ${service}, and ./lab start ${service} afterwards` : undefined;
  const where: { target: Target; scope: Scope | undefined } =
    'target' in to
      ? {
          target: parseTarget(targetOptions(to.target), Date.now(), () => '', group),
          scope: parseScope(to.topics ?? [], (to.topics ?? []).length === 0),
        }
      : { target: { kind: 'file', offsets: readBackup(labHome, group, to.backup && basename(to.backup)).offsets }, scope: undefined };
  return { group, howToStop, ...where };
}

function targetOptions(target: OffsetTarget): TargetOptions {
  switch (target.to) {
    case 'earliest':
      return { toEarliest: true };
    case 'latest':
      return { toLatest: true };
    case 'current':
      return { toCurrent: true };
    case 'offset':
      return { toOffset: String(target.offset) };
    case 'shift':
      return { shiftBy: String(target.by) };
    case 'datetime':
      return { toDatetime: target.at };
    case 'duration':
      return { byDuration: target.ago };
  }
}

const answer = (
  group: string,
  { rows, warnings }: Plan,
  done: Pick<OffsetsPlan, 'executed' | 'refused' | 'backup' | 'backupPath'>,
): Omit<OffsetsPlan, 'command'> => ({
  group,
  ...done,
  partitions: rows.map(({ topic, partition, before, newOffset, delta }) => ({
    topic,
    partition,
    before: before ?? null,
    newOffset: newOffset ?? null,
    delta: delta ?? null,
  })),
  warnings,
});
