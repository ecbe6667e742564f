/** The command that does the same as a control, so that a person can learn it before and after the click. */
import type { OffsetTarget, RuntimeValues } from '../../../src/lab/api-types.ts';

/** @param ratePerSec undefined: as fast as it can */
export const burstCommand = (count: number, ratePerSec?: number): string =>
  `./lab burst ${count}${ratePerSec === undefined ? '' : ` --rate ${ratePerSec}/s`}`;

export function setCommand(service: string, { throttleMs, failRate, paused }: Partial<RuntimeValues>): string {
  const pairs = [
    throttleMs !== undefined && `throttle=${throttleMs}ms`,
    failRate != null && `fail-rate=${failRate}`,
    paused !== undefined && `paused=${paused}`,
  ].filter(Boolean);
  return `./lab set ${service} ${pairs.join(' ')}`;
}

export const scaleCommand = (service: string, count: number): string => `./lab scale ${service}=${count}`;

/** @param topics those to reset; empty: all that the group has committed */
export function resetCommand(group: string, target: OffsetTarget, topics: readonly string[], execute: boolean): string {
  const scope = topics.length === 0 ? '--all-topics' : topics.map((topic) => `--topic ${topic}`).join(' ');
  return `./lab offsets ${execute ? 'reset' : 'plan'} --group ${group} ${scope} ${targetOption(target)}${execute ? ' --execute' : ''}`;
}

export const kafkaResetCommand = (group: string, target: OffsetTarget, topics: readonly string[], execute: boolean): string =>
  `./lab kafka consumer-groups --reset-offsets --group ${group} ${
    topics.length === 0 ? '--all-topics' : topics.map((topic) => `--topic ${topic}`).join(' ')
  } ${targetOption(target)} ${execute ? '--execute' : '--dry-run'}`;

/** @returns Kafka's own option for a target; the lab takes the same */
export function targetOption(target: OffsetTarget): string {
  switch (target.to) {
    case 'offset':
      return `--to-offset ${target.offset}`;
    case 'shift':
      return `--shift-by ${target.by}`;
    case 'datetime':
      return `--to-datetime ${target.at}`;
    case 'duration':
      return `--by-duration ${target.ago}`;
    default:
      return `--to-${target.to}`;
  }
}
