/** What a tour goes by, from what the page knows of the lab now. */
import type { TourFacts } from '../lib/tours.ts';
import { lab } from './lab.svelte.ts';

const time = (text: string | null | undefined): number | null => (text ? Date.parse(text) : null);

/** To be called where it is tracked: in an effect, or for a derived value. */
export function tourFacts(): TourFacts {
  const inventory = lab.group('inventory-service');
  const owners = new Set(inventory?.partitions.flatMap(({ owner }) => (owner ? [owner.consumerId] : [])));
  return {
    atMs: time(lab.live?.at) ?? 0,
    inventoryLag: inventory?.totalLag ?? null,
    analyticsLag: lab.group('analytics-service')?.totalLag ?? null,
    inventoryThrottleMs: lab.live?.settings['inventory-service']?.inForce?.throttleMs ?? null,
    analyticsThrottleMs: lab.live?.settings['analytics-service']?.inForce?.throttleMs ?? null,
    readers: owners.size,
    instances: lab.processesOf('inventory-service').filter(({ state }) => state === 'healthy').length,
    partitions: inventory?.partitions.length ?? 0,
    orders: lab.live?.metrics?.total_orders ?? 0,
    burst: lab.burst && { startedMs: time(lab.burst.startedAt) ?? 0, running: lab.burst.state === 'running' },
    replay: lab.replay ? { startedMs: time(lab.replay.startedAt) ?? 0, identical: lab.replay.identical } : null,
  };
}
