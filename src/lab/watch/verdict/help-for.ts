/** What helps against the cause that stands at the top of the page: one step that can be taken there. Pure. */
import type { GroupView, Insight, LiveState } from '../../wire/all.ts';
import { moreInstances } from './more-instances.ts';

export type Help =
  | { kind: 'scale'; service: string; count: number; label: string }
  | { kind: 'start'; service: string; label: string }
  | { kind: 'set'; service: string; changes: { throttleMs?: number; paused?: boolean }; label: string };

export type HelpFacts = Pick<LiveState, 'groups' | 'settings' | 'processes'> & {
  /** Most instances of a service, by its name. */
  most: ReadonlyMap<string, number>;
};

/** @returns the step, or null where none helps, or none is known */
export function helpFor({ id, group: name }: Pick<Insight, 'id' | 'group'>, facts: HelpFacts): Help | null {
  const group = facts.groups.find((one) => one.group === name);
  if (!group) return null;
  const { service } = group;
  const running = facts.processes.filter((one) => one.service === service).length;
  switch (id) {
    case 'paused':
      return facts.settings[service] ? { kind: 'set', service, changes: { paused: false }, label: `Let ${service} read on` } : null;
    case 'stopped':
      if (running === 0 && (facts.most.get(service) ?? 1) > 1) return { kind: 'scale', service, count: 1, label: `Run one ${service}` };
      return { kind: 'start', service, label: `Start ${service}` };
    case 'idle-instance':
      return { kind: 'scale', service, count: Math.max(1, running - 1), label: 'One instance less' };
    case 'growing':
    case 'draining':
    case 'hot-partition':
    case 'throttled':
      return moreOrFaster(group, running, facts);
    default:
      return null;
  }
}

function moreOrFaster(group: GroupView, running: number, { most, settings }: HelpFacts): Help | null {
  const { service, totalLag } = group;
  if (!totalLag) return null;
  if (moreInstances(group).helps === true && running < (most.get(service) ?? 1))
    return { kind: 'scale', service, count: running + 1, label: 'One instance more' };
  const throttled = (settings[service]?.inForce?.throttleMs ?? 0) > 0;
  return throttled ? { kind: 'set', service, changes: { throttleMs: 0 }, label: 'Take the throttle off' } : null;
}
