/** What a scenario needs of a lab that is somebody else's: what such a lab cannot give, and what is made for the run. Pure. */
import type { ProcessView } from '../../lab/wire/lab-state.ts';
import type { Scenario } from './define-scenario.ts';

type Needs = Pick<Scenario, 'environment' | 'threeBrokers' | 'needsOwnLab' | 'strikesKafka' | 'scale'>;
type Process = Pick<ProcessView, 'name' | 'service' | 'state'>;

/** @returns why a scenario cannot run in a lab that runs already, or `null` where it can */
export function whyOwnLab({ environment, threeBrokers, needsOwnLab }: Needs): string | null {
  if (threeBrokers) return 'it starts three brokers';
  if (environment) return 'it sets variables of the services';
  return needsOwnLab ? 'it starts the lab again' : null;
}

/** @returns why it cannot run in this lab, or `null`: who has no Kafka process cannot stop it */
export function whyNotHere(needs: Needs, processes: readonly Process[]): string | null {
  const why = whyOwnLab(needs);
  if (why !== null) return why;
  const hasKafka = processes.some(({ name }) => name === 'kafka');
  return needs.strikesKafka && !hasKafka ? 'it stops and kills Kafka, and the Kafka of this lab is none of its processes' : null;
}

export type Preparation = {
  /** Stopped by somebody: they are started. */
  start: string[];
  /** Instances of inventory-service that are wanted; `undefined` where so many run. */
  scaleTo: number | undefined;
};

/** @returns what has to be done before the scenario finds the lab as it expects it */
export function preparationFor({ scale = 1 }: Needs, processes: readonly Process[]): Preparation {
  const instances = processes.filter(({ service }) => service === 'inventory-service');
  const kept = new Set(instances.slice(0, scale).map(({ name }) => name));
  const start = processes.filter(
    ({ name, service, state }) => (state === 'stopped' || state === 'crashed') && (service !== 'inventory-service' || kept.has(name)),
  );
  return { start: start.map(({ name }) => name), scaleTo: instances.length === scale ? undefined : scale };
}
