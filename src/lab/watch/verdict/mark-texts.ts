/** Causes that are seen rather than told, so that they are marked whoever caused them: the page, the command line, another tool. */
import type { GroupView, Layout, MemberView, ProcessView, Sample, ServiceSettings } from '../../wire/all.ts';
import { number } from './group-verdict.ts';
import { movedText } from './moved-text.ts';

/** Records per second that nobody sends by hand. */
const burstPerSec = 500;
/** So much less before, or it is the same burst going on. */
const burstContrast = 0.1;

/**
 * A rebalance shows new members with partitions before it is over, so what comes of it is compared with the last state that lasted.
 *
 * @param before the groups that the last ones were compared with
 * @returns the groups that the next ones are compared with
 */
export const steadyGroups = (before: readonly GroupView[], now: readonly GroupView[]): GroupView[] =>
  now.map((group, index) => (group.state === 'Stable' ? group : (before[index] ?? group)));

/** @returns how the members share the partitions now, or null where it is as before */
export function rebalanceText(before: GroupView | undefined, now: GroupView): string | null {
  if (!before || now.state !== 'Stable' || signature(before) === signature(now)) return null;
  const [only, ...others] = now.members;
  if (!only) return 'nobody is left';
  const all = now.partitions.length;
  if (others.length === 0 && only.partitions.length === all)
    return `${nameOf(only)} reads ${all === 1 ? 'the partition' : `all ${all} partitions`}`;
  const byName = [...now.members].sort((a, b) => nameOf(a).localeCompare(nameOf(b), 'en', { numeric: true }));
  const severalTopics = new Set(now.partitions.map(({ topic }) => topic)).size > 1;
  return byName.map((member) => `${nameOf(member)} ${shareText(member, severalTopics)}`).join('; ');
}

const nameOf = ({ process, clientId }: MemberView): string => process ?? clientId;

function shareText({ partitions }: MemberView, severalTopics: boolean): string {
  if (partitions.length === 0) return 'is idle';
  const byTopic = Map.groupBy(partitions, ({ topic }) => topic);
  const parts = [...byTopic].map(([topic, of]) => {
    const numbers = of.map(({ partition }) => partition).sort((a, b) => a - b);
    return `${severalTopics ? topic : of.length === 1 ? 'partition' : 'partitions'} ${numbers.join(', ')}`;
  });
  return `reads ${parts.join(' and ')}`;
}

const signature = ({ members }: GroupView): string =>
  members
    .map(({ consumerId, partitions }) => `${consumerId} ${partitions.map(({ topic, partition }) => `${topic}/${partition}`).sort()}`)
    .sort()
    .join(';');

const deliveryOf = (settings: ServiceSettings | undefined): string => settings?.set.delivery ?? 'exactly-once';

/** @returns what changed, as `./lab set` writes it, or null */
export function settingsText(before: ServiceSettings | undefined, now: ServiceSettings): string | null {
  const [was, is] = [before?.inForce, now.inForce];
  if (!was || !is) return null;
  const changes = [
    ...(was.throttleMs === is.throttleMs ? [] : [`throttle=${is.throttleMs}ms`]),
    ...(was.failRate === is.failRate ? [] : [`fail-rate=${is.failRate}`]),
    ...(was.paused === is.paused ? [] : [`paused=${is.paused}`]),
    ...(deliveryOf(before) === deliveryOf(now) ? [] : [`delivery=${deliveryOf(now)}`]),
  ];
  return changes.length === 0 ? null : changes.join(' ');
}

/** @returns the dead-letter topics that were written to between two samples, whoever caused it */
export function newLetters(topics: readonly string[], layout: Layout, before: Sample | undefined, now: Sample): string[] {
  const grown = layout.ends.flatMap(({ topic }, index) => {
    const [was, is] = [before?.ends[index], now.ends[index]];
    return topics.includes(topic) && typeof was === 'number' && typeof is === 'number' && is > was ? [topic] : [];
  });
  return [...new Set(grown)];
}

/**
 * @param isEmpty nobody was in the group when somebody looked: where its processes run, they may have joined since
 * @returns whether a commit that goes forward is somebody's doing who does not read
 */
export const nobodyReads = (isEmpty: boolean, service: string, processes: readonly Pick<ProcessView, 'service' | 'pid'>[]): boolean =>
  isEmpty && !processes.some((one) => one.service === service && one.pid !== null);

/**
 * @param isEmpty nobody is in the group: then a commit that goes forward is somebody's reset, or its undo
 * @returns which way a group was moved between two samples, and how far, or null
 */
export function resetText(group: string, layout: Layout, before: Sample | undefined, now: Sample, isEmpty: boolean): string | null {
  const moved = layout.commits.flatMap((column, index) => {
    const [was, is] = [before?.committed[index], now.committed[index]];
    return column.group === group && typeof was === 'number' && typeof is === 'number' && is !== was ? [is - was] : [];
  });
  const told = moved.filter((by) => by < 0 || isEmpty);
  return told.length === 0 ? null : movedText(told);
}

/** @returns that a burst begins, or null */
export function burstText(before: Sample | undefined, now: Sample): string | null {
  const [was, is] = [before?.inPerSec ?? null, now.inPerSec];
  if (is === null || was === null || is < burstPerSec || was > is * burstContrast) return null;
  return `${number(is)}/s come in`;
}
