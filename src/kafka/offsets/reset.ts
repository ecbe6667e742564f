/** A reset from beginning to end: only without members, planned on settled offsets, backed up, committed, read back. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientConfig } from '../client/connect.ts';
import { ReplaygroundError } from '../errors.ts';
import { type GroupStateName, readGroupState } from '../groups/group-state.ts';
import type { KafkaInspector } from '../groups/inspector.ts';
import { isSamePartition } from '../partition.ts';
import { writeBackup } from './backup.ts';
import { commitOffsets, groupActive } from './commit.ts';
import { readFacts } from './facts.ts';
import { type Plan, type PlanRow, planReset, type Target } from './plan.ts';
import type { Scope } from './scope.ts';

export type ResetRequest = {
  group: string;
  target: Target;
  /** undefined for a file: all that it names. */
  scope: Scope | undefined;
  /** For the error about members: how to stop them. */
  howToStop?: string | undefined;
};

export type ResetClients = { inspector: KafkaInspector; config: ClientConfig };

export type ResetResult = Plan & { backup: string };

const pollMs = 200;

/** A group without members; `Dead` is one that does not exist. */
export const isInactive = (state: GroupStateName): boolean => state === 'Empty' || state === 'Dead';

/** @returns what a reset would do now; nothing is changed, members do not matter */
export async function planNow(inspector: KafkaInspector, { group, target, scope }: ResetRequest): Promise<Plan> {
  return planReset(target, await readFacts(inspector, group, target, scope, false));
}

/**
 * @param clients how to reach Kafka
 * @param request what to reset
 * @param home LAB_HOME, where the backup goes
 * @returns what was done and where the backup is
 * @throws ReplaygroundError `group-active`, `cannot-plan`, `usage`, `reset-not-verified`, `kafka-error`, `kafka-deadline`
 */
export async function executeReset(clients: ResetClients, request: ResetRequest, home: string): Promise<ResetResult> {
  const { group, target, scope, howToStop } = request;
  const state = await readGroupState(clients.inspector, group);
  if (!isInactive(state)) throw groupActive(group, `the current state is ${state}`, howToStop);
  const plan = planReset(target, await readFacts(clients.inspector, group, target, scope, true));
  const backup = writeBackup(home, group, plan.rows, new Date());
  await apply(clients, group, plan.rows);
  await verify(clients, group, plan.rows, backup);
  return { ...plan, backup };
}

/**
 * Waits until the last member has left: one that was killed is in the group until its session times out.
 * @throws ReplaygroundError `group-active` when it still has members at the deadline
 */
export async function waitUntilInactive(inspector: KafkaInspector, group: string, timeoutMs: number): Promise<void> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const state = await readGroupState(inspector, group);
    if (isInactive(state)) return;
    if (Date.now() > end) throw groupActive(group, `the state is still ${state} after ${timeoutMs / 1000} s`);
    await sleep(pollMs);
  }
}

async function apply({ inspector, config }: ResetClients, group: string, rows: readonly PlanRow[]): Promise<void> {
  const offsets = rows.flatMap(({ topic, partition, newOffset }) =>
    newOffset === undefined ? [] : [{ topic, partition, offset: newOffset }],
  );
  const removed = rows.filter(({ before, newOffset }) => newOffset === undefined && before !== undefined);
  if (removed.length === 0) return await commitOffsets(config, group, offsets);
  // The client has no call that deletes single commits: the group is deleted and all else that it had is committed again.
  const kept = (await inspector.ask('committed', group, true)).filter((one) => !rows.some((row) => isSamePartition(row, one)));
  await inspector.ask('deleteGroup', group);
  await commitOffsets(config, group, [...kept, ...offsets]);
}

async function verify({ inspector }: ResetClients, group: string, rows: readonly PlanRow[], backup: string): Promise<void> {
  const committed = await inspector.ask('committed', group, true);
  for (const row of rows) {
    const now = committed.find((one) => isSamePartition(row, one))?.offset;
    if (now === row.newOffset) continue;
    throw new ReplaygroundError(
      'reset-not-verified',
      `${row.topic} partition ${row.partition} of '${group}' is at ${now ?? '-'} instead of ${row.newOffset ?? '-'}: what was there before is in ${backup}`,
    );
  }
}
