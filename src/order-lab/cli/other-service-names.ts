/** Services under the names that other write-ups of this system give them: `producer`, `inventory-consumer`, ... */

import { note } from '../../lab/terminal/output.ts';
import type { SystemFacts } from '../../lab/wire/system-facts.ts';
import { isPipeline, type ServiceName } from '../supervisor/service-table.ts';

const otherNames: Readonly<Record<string, ServiceName>> = {
  producer: 'order-service',
  'order-producer': 'order-service',
  'inventory-consumer': 'inventory-service',
  inventory: 'inventory-service',
  'analytics-consumer': 'analytics-service',
  analytics: 'analytics-service',
};

/**
 * @param name what somebody wrote: `inventory-consumer`, `inventory-consumer.2`, `inventory-consumer=3`
 * @returns the same with the name that the service has here; `name` itself where it is no other name of one
 */
export function serviceHere(name: string): string {
  const [, service = '', rest = ''] = /^([a-z-]+)((?:[.=].*)?)$/.exec(name) ?? [];
  return Object.hasOwn(otherNames, service) ? `${otherNames[service]}${rest}` : name;
}

/** As {@link serviceHere}, and says so; a system of anybody's has the names that it gives itself. */
export function serviceCalled(name: string, system?: Pick<SystemFacts, 'folder'>): string {
  const here = system === undefined || isPipeline(system) ? serviceHere(name) : name;
  if (here !== name) note(`lab: ${name} is called ${here} here`);
  return here;
}
