/** The part of a crash test in which things break: the storm under load, then the quiet in which the system reads what is left. */
import type { Situation } from '../report/situation.ts';
import type { Fault, FaultKind } from './faults/fault.ts';
import { planFaults } from './faults/plan-faults.ts';
import { type SituationName, situations } from './faults/situations.ts';
import { storm } from './faults/storm.ts';
import { circleOf, queuesOf } from './kafka/system-facts.ts';
import type { Stage } from './stage.ts';
import { drain } from './watch/drain.ts';
import { rebalancesAtWork, type Sample, stalledSec } from './watch/group-history.ts';
import { untilTransactionsEnd } from './watch/milestones.ts';
import { queueSample } from './watch/queue-samples.ts';

export type StormOptions = {
  minutes: number;
  seed: string;
  kinds: readonly FaultKind[];
  say: (line: string) => void;
  onFault: (fault: Fault) => void;
  /** Told each time that something of it was reached. */
  onReached: (sometimes: Situation[]) => void;
  /** Told when the storm is over, and the system reads on by itself. */
  onCalm: () => void;
  /** Gets the places of records that nobody can read, as `topic/partition@offset`. */
  unreadable: Set<string>;
  signal: AbortSignal;
};

/** What only the run can tell, not the log. */
export type StormLog = {
  faults: Fault[];
  sometimes: Situation[];
  /** Why it is said not to have come back; empty where it did. */
  notBack: string[];
  stalledSec: number;
};

const tellEveryMs = 5000;

/** @returns when all processes have been stopped, and no transaction of theirs is open */
export async function passStorm(stage: Stage, options: StormOptions): Promise<StormLog> {
  const { kafka, system, services, load, watch } = stage;
  const { minutes, kinds, unreadable, say, signal } = options;
  const stormMs = minutes * 60_000;
  const reached = new Map<SituationName, number>();
  const sawTransaction = (): boolean => watch.samples.some(({ transactionOpen }) => transactionOpen);
  const scalable = services.filter(({ most, start }) => most > start || start > 1).map(({ name }) => name);
  const grouped = services.some(({ file }) => file.group !== undefined);
  const queues = queuesOf(system);
  const needs = { kinds, minutes, scalable: scalable.length > 0, grouped, queued: queues.length > 0 };
  const beginMs = Date.now();
  say(`under load: ${load.perSec} records a second; the storm lasts ${Math.round(stormMs / 1000)} s, seed ${options.seed}`);
  const faults = await storm({
    plan: planFaults({
      seed: options.seed,
      kinds,
      services: services.map(({ name }) => name),
      scalable,
      count: Math.ceil(minutes * 30) + kinds.length,
    }),
    untilMs: beginMs + stormMs,
    scene: {
      services,
      kafka,
      load,
      watch,
      isTransactional: sawTransaction,
      reached: (name) => {
        reached.set(name, (reached.get(name) ?? 0) + 1);
        reached.set('rebalanceAtWork', rebalancesAtWork(watch.samples));
        options.onReached(situations(reached, { ...needs, transactional: sawTransaction() }));
      },
      onUnreadable: ({ topic, partition, offset }) => void unreadable.add(`${topic}/${partition}@${offset}`),
      signal,
    },
    onFault: (fault) => {
      const { at, kind, target, detail } = fault;
      say(`${String(Math.round((at - beginMs) / 1000)).padStart(4)} s  ${kind} ${target}: ${detail}`);
      options.onFault(fault);
    },
  });
  signal.throwIfAborted();

  await load.finish();
  options.onCalm();
  await Promise.all(services.map((service) => service.scale(service.start)));
  say(`the storm is over, ${load.sent} records were sent: the system reads what is left`);
  const notBack = await drain({
    services,
    look: queues.length === 0 ? watch.look : () => lookWithQueues(stage, queues),
    withinMs: 120_000 + stormMs,
    circle: circleOf(system),
    signal,
    onLag: everySoOften(say),
  });
  const outages = kafka.ids.length === 1 ? faults.filter(({ kind }) => kind === 'broker') : [];
  const stalled = stalledSec(watch.samples, outages);
  await Promise.all(services.map((service) => service.stop()));
  signal.throwIfAborted();
  const transactional = await untilTransactionsEnd(watch.look, signal, sawTransaction());
  reached.set('rebalanceAtWork', rebalancesAtWork(watch.samples));
  return { faults, sometimes: situations(reached, { ...needs, transactional }), notBack, stalledSec: stalled };
}

/** Share groups are asked for only once the storm is over: each look at one is a JVM, which would take the machine from the system. */
async function lookWithQueues({ watch, kafka }: Stage, queues: ReturnType<typeof queuesOf>): Promise<Sample | undefined> {
  const sample = await watch.look();
  if (!sample) return undefined;
  const asked = queues.map((queue) => queueSample(queue, watch.inspector(), kafka.settings));
  return await Promise.all(asked).then(
    (samples) => ({ ...sample, groups: [...sample.groups, ...samples] }),
    () => undefined,
  );
}

function everySoOften(say: (line: string) => void): (lag: number) => void {
  let toldMs = Date.now();
  return (lag) => {
    if (lag === 0 || Date.now() - toldMs < tellEveryMs) return;
    toldMs = Date.now();
    say(`${lag} records are left`);
  };
}
