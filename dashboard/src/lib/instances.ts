/** What an instance is doing, in two words and one tone: from its process, its membership and the settings in force. */
import type { GroupView, ProcessView, RuntimeValues } from '../../../src/order-lab/wire/all.ts';
import { perSec, short } from './format.ts';

export type Tone = 'ok' | 'idle' | 'warn' | 'bad' | 'off';

export type InstanceView = {
  /** `inventory-service.2`, or the client id of a stranger in the group. */
  name: string;
  /** Short enough for a box: `inventory 2`. */
  title: string;
  tone: Tone;
  /** `reads 0, 2`, `idle`, `restarting` */
  doing: string;
  /** More words on the same, for a tooltip. */
  why: string;
  /** Partitions of the group's first topic that it owns. */
  partitions: number[];
  /** Null for a member of the group that is none of this lab's processes. */
  process: ProcessView | null;
};

/**
 * @param processes of one service
 * @param group the consumer group of that service
 * @param topic whose partitions are drawn
 * @param inForce its settings; null where they are not known
 */
export function instanceViews(
  processes: readonly ProcessView[],
  group: GroupView | undefined,
  topic: string,
  inForce: RuntimeValues | null,
): InstanceView[] {
  const owned = (name: string): number[] =>
    (group?.partitions ?? [])
      .filter((partition) => partition.topic === topic && (partition.owner?.process ?? partition.owner?.clientId) === name)
      .map(({ partition }) => partition);
  const own = processes.map((process) => {
    const partitions = owned(process.name);
    return {
      name: process.name,
      title: shortName(process.name),
      ...doing(process, partitions, group, inForce),
      partitions: process.state === 'healthy' || process.state === 'unhealthy' ? partitions : [],
      process,
    };
  });
  // One that was killed and came back is in the group twice until its first life has timed out.
  const strangers = new Map(
    (group?.members ?? []).filter(({ process }) => process === null).map((member) => [member.clientId, member.host]),
  );
  return [
    ...own,
    ...[...strangers].map(([name, host]): InstanceView => {
      const partitions = owned(name);
      const why = `${name} at ${host}: a member of the group that is no process of this lab`;
      return { name, title: shortName(name), tone: 'ok', doing: reads(partitions), why, partitions, process: null };
    }),
  ];
}

/**
 * @param owned partitions of the topic that one instance reads
 * @param narrow whether there is room for a few letters only
 * @returns whether it is the one that is full, and how fast it is: `100/s, 2,310 left`, or `nothing waits`; empty for one that owns none
 */
export function paceText(
  group: Pick<GroupView, 'partitions'> | undefined,
  topic: string,
  owned: readonly number[],
  narrow = false,
): string {
  const rows = (group?.partitions ?? []).filter((one) => one.topic === topic && owned.includes(one.partition));
  if (rows.length === 0 || rows.some(({ lag }) => lag === null)) return '';
  const left = rows.reduce((total, { lag }) => total + (lag ?? 0), 0);
  if (left === 0) return narrow ? '0 left' : 'nothing waits';
  // The rate that the forecast goes by; a moment after a cause there is none.
  const ofReader = rows.find(({ lag }) => lag !== 0)?.readerPerSec ?? null;
  return narrow || ofReader === null ? `${short(left)} left` : `${perSec(ofReader)}, ${short(left)} left`;
}

const worstFirst: readonly Tone[] = ['bad', 'warn', 'ok', 'idle', 'off'];

/**
 * @param views of the instances of one service, where there is one box for all of them
 * @returns the only one as it is; of several how many read, and the worst of what they are doing
 */
export function together(views: readonly InstanceView[]): InstanceView | undefined {
  const [worst, ...others] = views.toSorted((a, b) => worstFirst.indexOf(a.tone) - worstFirst.indexOf(b.tone));
  if (!worst || others.length === 0) return worst;
  const reading = views.filter(({ partitions }) => partitions.length > 0).length;
  return {
    ...worst,
    doing: worst.tone === 'bad' || worst.tone === 'warn' ? worst.doing : `${reading} of ${views.length} read`,
    why: views.map(({ name, doing }) => `${name}: ${doing}`).join('; '),
    partitions: views.flatMap(({ partitions }) => partitions).sort((a, b) => a - b),
  };
}

/** @returns what it does in so many letters: `p0,1,2` for `reads 0, 1, 2` */
export function shortDoing(doing: string, letters: number): string {
  const close = doing.replaceAll(', ', ',');
  if (close.length <= letters) return close;
  const shorter = close.replace(/^reads /, 'p');
  return shorter.length <= letters ? shorter : `${shorter.slice(0, Math.max(1, Math.floor(letters) - 1))}…`;
}

/** @returns `inventory 2` for `inventory-service.2` */
export const shortName = (name: string): string => name.replace('-service', '').replace('.', ' ');

function doing(
  { state, detail, name }: ProcessView,
  partitions: readonly number[],
  group: GroupView | undefined,
  inForce: RuntimeValues | null,
): Pick<InstanceView, 'tone' | 'doing' | 'why'> {
  if (state === 'stopped' || state === 'stopping') return { tone: 'off', doing: state, why: detail ?? `${name} is ${state}` };
  if (state === 'crashed' || state === 'restarting') return { tone: 'bad', doing: state, why: detail ?? `${name} crashed` };
  if (state === 'starting') return { tone: 'warn', doing: 'starting', why: detail ?? `${name} is not in the group yet` };
  if (state === 'unhealthy') return { tone: 'bad', doing: 'unhealthy', why: detail ?? `${name} says that it is not well` };
  if (inForce?.paused) return { tone: 'warn', doing: 'paused', why: 'paused: it keeps its partitions and reads nothing' };
  if (partitions.length === 0) {
    const joining = group !== undefined && group.state !== 'Stable' && group.state !== 'Empty';
    return joining
      ? { tone: 'warn', doing: 'joining', why: 'the group shares out its partitions' }
      : { tone: 'idle', doing: 'idle', why: 'no partition is left for it: each partition has one reader per group' };
  }
  if (inForce && inForce.throttleMs > 0)
    return { tone: 'warn', doing: reads(partitions), why: `throttled: sleeps ${inForce.throttleMs} ms for each record` };
  return { tone: 'ok', doing: reads(partitions), why: `owns ${partitions.map((partition) => `partition ${partition}`).join(', ')}` };
}

const reads = (partitions: readonly number[]): string => (partitions.length === 0 ? 'idle' : `reads ${partitions.join(', ')}`);
