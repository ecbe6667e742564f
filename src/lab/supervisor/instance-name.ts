/** What the processes of a lab are called. */
import type { ServiceFacts } from '../wire/system-facts.ts';

/** Name of the broker among the processes of a lab. */
export const brokerName = 'kafka';

/** A service as its instances are named. */
export type Instances = Pick<ServiceFacts, 'name' | 'most' | 'bareFirst'>;

/** @returns `invoicer.2`; the bare name for a service that runs once, and for the first instance of one that mostly does */
export const instanceName = ({ name, most, bareFirst = false }: Instances, instance: number): string =>
  most === 1 || (bareFirst && instance === 1) ? name : `${name}.${instance}`;
