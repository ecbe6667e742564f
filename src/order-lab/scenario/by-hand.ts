/** The commands that do a step by hand, to copy into a terminal: ours first, then Kafka's own where there is one. Pure. */

import type { GroupTopics } from '../../kafka/groups/wait-drained.ts';
import type { RuntimeOverrides } from '../../pipeline/settings/runtime-settings.ts';
import type { ResetOptions, ResetTo } from './lab-steps.ts';

export function burstByHand(count: number, options: { ratePerSec?: number; failRate?: number; seed?: string } = {}): string[] {
  const { ratePerSec, failRate, seed } = options;
  const extra = [
    ...(ratePerSec === undefined ? [] : [`--rate ${ratePerSec}/s`]),
    ...(failRate === undefined ? [] : [`--fail-rate ${failRate}`]),
    ...(seed === undefined ? [] : [`--seed ${seed}`]),
  ];
  return [['./lab burst', count, ...extra].join(' ')];
}

/** @param settings null for all back to the start values */
export function setByHand(service: string, settings: RuntimeOverrides | null): string[] {
  return [`./lab set ${service} ${settingsText(settings)}`];
}

/** @returns `throttle=10ms fail-rate=0.3`, as `./lab set` takes it */
export function settingsText(settings: RuntimeOverrides | null): string {
  if (settings === null) return '--defaults';
  const { throttleMs, failRate, rejectRate, paused, delivery, crash } = settings;
  return [
    ...(throttleMs === undefined ? [] : [`throttle=${throttleMs}ms`]),
    ...(failRate === undefined ? [] : [`fail-rate=${failRate}`]),
    ...(rejectRate === undefined ? [] : [`reject-rate=${rejectRate}`]),
    ...(paused === undefined ? [] : [`paused=${paused}`]),
    ...(delivery === undefined ? [] : [`delivery=${delivery}`]),
    ...(crash === undefined ? [] : [`crash=${crash}`]),
  ].join(' ');
}

export const lagByHand = (group: string): string[] => [
  `./lab lag --watch ${group}`,
  `./lab kafka consumer-groups --describe --group ${group}`,
];

export const membersByHand = (group: string): string[] => [
  `./lab lag --members ${group}`,
  `./lab kafka consumer-groups --describe --members --group ${group}`,
];

/** @returns the arguments of a reset, which Kafka's tool and ours share */
export function resetArguments({ group, topics: own }: GroupTopics, { topics = own, to }: ResetOptions): string[] {
  return ['--group', group, ...topics.flatMap((topic) => ['--topic', topic]), ...targetArguments(to), '--execute'];
}

function targetArguments(to: ResetTo): string[] {
  if (typeof to === 'string') return [`--to-${to}`];
  if ('offset' in to) return ['--to-offset', String(to.offset)];
  if ('shiftBy' in to) return ['--shift-by', String(to.shiftBy)];
  return ['--to-datetime', to.time];
}

export function resetByHand(group: GroupTopics, options: ResetOptions): string[] {
  const args = resetArguments(group, options).join(' ');
  return [`./lab offsets reset ${args}`, `./lab kafka consumer-groups --reset-offsets ${args}`];
}
