/** A share group on the page: its workers in one box of the picture, and what all of them have done. Pure. */
import type { ProcessView, QueueView, QueueWorker, RuntimeValues } from '../../../src/lab/wire/all.ts';
import { counted, short } from './format.ts';
import { type InstanceView, shortName } from './instances.ts';

export type Figures = NonNullable<QueueWorker['figures']>;

/** @returns the sums over the workers that tell; null where none does */
export function figuresOf({ workers }: Pick<QueueView, 'workers'>): Figures | null {
  const told = workers.flatMap(({ figures }) => figures ?? []);
  if (told.length === 0) return null;
  const sum = (name: keyof Figures): number => told.reduce((all, one) => all + one[name], 0);
  return {
    told: sum('told'),
    released: sum('released'),
    rejected: sum('rejected'),
    late: sum('late'),
    redelivered: sum('redelivered'),
    inFlight: sum('inFlight'),
  };
}

/**
 * @param processes of the service
 * @param inForce its settings; null where they are not known
 * @returns one box for all of them, the worst of what they are doing
 */
export function queueBox(queue: QueueView, processes: readonly ProcessView[], inForce: RuntimeValues | null): InstanceView {
  return {
    name: queue.service,
    title: shortName(queue.service),
    ...doing(queue, processes, inForce),
    partitions: [],
    process: processes[0] ?? null,
  };
}

/** @returns what waits and what is in hand, in so many letters */
export function queueNote(queue: QueueView, letters: number): string {
  const waits = queue.backlog === null ? '' : `${short(queue.backlog)} wait`;
  const inFlight = figuresOf(queue)?.inFlight ?? 0;
  const both = [waits, inFlight > 0 ? `${short(inFlight)} in flight` : ''].filter((part) => part !== '').join(', ');
  return both.length <= letters ? both : waits;
}

function doing(
  queue: QueueView,
  processes: readonly ProcessView[],
  inForce: RuntimeValues | null,
): Pick<InstanceView, 'tone' | 'doing' | 'why'> {
  if (queue.running === 0) return { tone: 'off', doing: 'off', why: 'off: it has no worker' };
  const of = (...states: ProcessView['state'][]): ProcessView[] => processes.filter(({ state }) => states.includes(state));
  const bad = of('crashed', 'restarting', 'unhealthy');
  const working = of('healthy').length;
  const why = `${counted(working, 'worker')} of the share group ${queue.group}: any of them can have any record`;
  if (bad[0]) return { tone: 'bad', doing: `${bad.length} ${bad[0].state}`, why: bad[0].detail ?? why };
  if (working === 0) return { tone: 'warn', doing: 'starting', why };
  if (inForce?.paused) return { tone: 'warn', doing: 'paused', why: 'paused: its workers take nothing' };
  const works = working === 1 ? '1 works' : `${working} work`;
  if (inForce && inForce.throttleMs > 0)
    return { tone: 'warn', doing: works, why: `${why}; each sleeps ${inForce.throttleMs} ms for a record` };
  return { tone: 'ok', doing: works, why };
}
