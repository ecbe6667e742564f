/** What a storm does and when, drawn from a seed before it begins. Pure. */
import { type Seeded, seeded } from '../../../lab/crash-test/faults/seeded.ts';

export type Fault =
  /** SIGKILL: whoever runs it starts it again. */
  | { kind: 'kill'; process: string }
  /** SIGSTOP, then SIGCONT: a process that was away and does not know it. */
  | { kind: 'freeze'; process: string; forSec: number }
  /** So many instances of a service. */
  | { kind: 'scale'; service: 'inventory-service' | 'analytics-service'; count: number };

export type PlannedFault = Fault & { /** Since the beginning of the storm (s). */ atSec: number };

export type StormOptions = {
  seed: string;
  /** No fault comes later than this (s). */
  forSec: number;
  /** Shortest and longest time between two faults (s). */
  gapSec: readonly [number, number];
  /** Instances of inventory-service at the start. */
  scale: number;
  /** Instances of analytics-service: where there are more than one, they are scaled and struck one by one, too. */
  analytics?: number;
};

const mostInstances = 5;
/** The session of a member of a group lasts 6 s: most of these are longer. */
const freezeSec = [4, 16] as const;
/** Out of a hundred. */
const shares = { scale: 15, killKafka: 10, freezeKafka: 5, freeze: 20 } as const;

/** @returns faults in the order of their times; the same options give the same faults */
export function planFaults({ seed, forSec, gapSec, scale, analytics = 1 }: StormOptions): PlannedFault[] {
  const random = seeded(seed);
  const faults: PlannedFault[] = [];
  const running = { 'inventory-service': scale, 'analytics-service': analytics };
  const isSeveral = analytics > 1;
  for (let atSec = random.whole(...gapSec); atSec < forSec; atSec += random.whole(...gapSec)) {
    const fault = drawFault(random, running, isSeveral);
    if (fault.kind === 'scale') running[fault.service] = fault.count;
    faults.push({ ...fault, atSec });
  }
  return faults;
}

type Running = Record<'inventory-service' | 'analytics-service', number>;

function drawFault(random: Seeded, running: Running, isSeveral: boolean): Fault {
  const drawn = random.whole(1, 100);
  const service = (): string =>
    random.pick([
      `inventory-service.${random.whole(1, running['inventory-service'])}`,
      `inventory-service.${random.whole(1, running['inventory-service'])}`,
      // The first one goes by the bare name.
      isSeveral ? `analytics-service.${random.whole(1, running['analytics-service'])}`.replace(/\.1$/, '') : 'analytics-service',
      'order-service',
    ]);
  const freeze = (process: string): Fault => ({ kind: 'freeze', process, forSec: random.whole(...freezeSec) });
  if (drawn <= shares.scale) {
    const scaled = isSeveral ? random.pick(['inventory-service', 'analytics-service'] as const) : 'inventory-service';
    return { kind: 'scale', service: scaled, count: random.pick(othersThan(running[scaled])) };
  }
  if (drawn <= shares.scale + shares.killKafka) return { kind: 'kill', process: 'kafka' };
  if (drawn <= shares.scale + shares.killKafka + shares.freezeKafka) return freeze('kafka');
  if (drawn <= shares.scale + shares.killKafka + shares.freezeKafka + shares.freeze) return freeze(service());
  return { kind: 'kill', process: service() };
}

const othersThan = (instances: number): number[] =>
  Array.from({ length: mostInstances }, (_, index) => index + 1).filter((count) => count !== instances);
