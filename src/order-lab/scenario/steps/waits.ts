/** Waiting for something that can be seen, with a deadline and an error that says what was seen last. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ReplaygroundError } from '../../../kafka/errors.ts';
import { readGroup } from '../../../kafka/groups/group-state.ts';
import { leftOf } from '../../../kafka/groups/wait-drained.ts';
import { formatValue } from '../../../lab/report/check.ts';
import { areOfWholeLog, missingText } from '../../../pipeline/analytics/metrics.ts';
import { fetchMetrics } from '../../client/analytics-client.ts';
import { lagByHand, membersByHand } from '../by-hand.ts';
import { type Connection, consumers, groupOf } from '../connection.ts';
import type { Consumer, Deadline, LabSteps, Situation } from '../lab-steps.ts';
import { goOn, type Rig } from '../rig.ts';
import { countedSince } from './counted.ts';

const pollMs = 250;
const defaultWithinSec = 60;

/**
 * Asks until the answer is something; what asking throws counts as not yet.
 * @throws ReplaygroundError `not-in-time`, `interrupted`
 */
export async function poll<T>(
  rig: Pick<Rig, 'signal'>,
  what: string,
  { withinSec = defaultWithinSec }: Deadline,
  ask: () => Promise<{ done?: T; seen: string }>,
): Promise<T> {
  const end = Date.now() + withinSec * 1000;
  let seen = 'nothing yet';
  for (;;) {
    goOn(rig);
    try {
      const answer = await ask();
      if ('done' in answer && answer.done !== undefined) return answer.done;
      seen = answer.seen;
    } catch (error) {
      seen = error instanceof Error ? error.message : String(error);
    }
    if (Date.now() > end)
      throw new ReplaygroundError('not-in-time', `not within ${withinSec} s: ${what} (last seen: ${seen})`, { retriable: true });
    await sleep(pollMs, undefined, { signal: rig.signal }).catch(() => {});
  }
}

/** @returns what the lab looks like now */
export async function lookAround(rig: Pick<Rig, 'lab' | 'baseline'>): Promise<Situation> {
  const { lab, baseline } = rig;
  const metrics = await fetchMetrics(lab.analyticsUrl).catch(() => undefined);
  const [inventory, analytics] = await Promise.all(consumers.map((service) => groupNow(lab, service)));
  return {
    metrics,
    counted: metrics && countedSince(baseline.metrics, metrics),
    lag: { 'inventory-service': inventory?.lag ?? Number.NaN, 'analytics-service': analytics?.lag ?? Number.NaN },
    members: { 'inventory-service': inventory?.members ?? 0, 'analytics-service': analytics?.members ?? 0 },
  };
}

async function groupNow(lab: Connection, service: Consumer): Promise<{ lag: number; members: number }> {
  const { group, topics } = groupOf(lab, service);
  const state = await readGroup(lab.inspector, group, topics);
  return { lag: leftOf(state), members: state.members.length };
}

const seenText = ({ lag, members, counted }: Situation): string =>
  [
    ...consumers.map((service) => `${service} lag ${formatValue(lag[service])}, members ${members[service]}`),
    counted
      ? `analytics counted ${formatValue(counted.orders)} orders, ${formatValue(counted.reservations)} reservations`
      : 'analytics does not answer',
  ].join('; ');

export function waitSteps(rig: Rig): Pick<LabSteps, 'waitUntil' | 'waitDrained' | 'waitForMembers' | 'waitHealthy' | 'watch'> {
  const { recorder } = rig;
  return {
    waitUntil: (what, condition, deadline = {}) =>
      recorder.step({ kind: 'wait', what: `wait until ${what}`, byHand: ['./lab metrics --watch', './lab lag --watch'] }, () =>
        poll(rig, what, deadline, async () => {
          const now = await lookAround(rig);
          return condition(now) ? { done: now, seen: '' } : { seen: seenText(now) };
        }),
      ),

    waitDrained: (service, deadline = {}) => {
      const waited = service ? [service] : consumers;
      const what = `${service ?? 'everything'} has been read, lag 0`;
      const byHand = waited.flatMap((one) => lagByHand(groupOf(rig.lab, one).group));
      return recorder.step({ kind: 'wait', what: `wait until ${what}`, byHand }, async () => {
        // Inventory first: what it still decides becomes work for analytics.
        for (const one of waited) {
          await poll(rig, `lag 0 of ${one}`, deadline, async () => {
            const { lag } = await groupNow(rig.lab, one);
            return lag === 0 ? { done: true, seen: '' } : { seen: `lag ${formatValue(lag)}` };
          });
        }
        if (waited.includes('analytics-service')) {
          await poll(rig, 'analytics has counted all it has read', deadline, async () => {
            const metrics = await fetchMetrics(rig.lab.analyticsUrl);
            const missing = missingText(metrics);
            const seen = `analytics says lag ${metrics.lag ?? '-'}${missing === undefined ? '' : `, nobody tells of ${missing}`}`;
            return areOfWholeLog(metrics) ? { done: true, seen: '' } : { seen };
          });
        }
      });
    },

    waitForMembers: (service, count, deadline = {}) => {
      const { group, topics } = groupOf(rig.lab, service);
      const what = `${service} has ${count} ${count === 1 ? 'member' : 'members'}, every partition an owner`;
      return recorder.step({ kind: 'wait', what: `wait until ${what}`, byHand: membersByHand(group) }, async (tell) => {
        const shares = await poll(rig, what, deadline, async () => {
          const { state, members, partitions } = await readGroup(rig.lab.inspector, group, topics);
          const owned = members.map((member) => member.partitions.length);
          const busy = owned.filter((number) => number > 0).length;
          const settled = state === 'Stable' && members.length === count && partitions.every(({ owner }) => owner !== undefined);
          const seen = `${state}, ${members.length} members with ${owned.join(', ')} partitions`;
          return settled && busy === Math.min(count, partitions.length) ? { done: owned, seen } : { seen };
        });
        tell(`partitions per member: ${shares.join(', ')}`);
      });
    },

    waitHealthy: (deadline = {}) =>
      recorder.step({ kind: 'wait', what: 'wait until every process is healthy', byHand: ['./lab ps'] }, async () => {
        await poll(rig, 'every process is healthy', deadline, async () => {
          const { ready, processes } = await rig.lab.client.state();
          const sick = processes
            .filter(({ state }) => state !== 'healthy' && state !== 'stopped')
            .map(({ name, state }) => `${name} is ${state}`);
          return ready ? { done: true, seen: '' } : { seen: sick.join(', ') };
        });
      }),

    watch: (forSeconds) =>
      recorder.step({ kind: 'wait', what: `watch for ${forSeconds} s`, byHand: ['./lab lag --watch'] }, async () => {
        await sleep(forSeconds * 1000, undefined, { signal: rig.signal }).catch(() => {});
        goOn(rig);
      }),
  };
}
