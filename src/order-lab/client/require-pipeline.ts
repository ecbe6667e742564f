/** What is about orders, asked of a lab that may run another system. */
import { ReplaygroundError } from '../../kafka/errors.ts';
import type { SystemFacts } from '../../lab/wire/system-facts.ts';
import { isPipeline } from '../supervisor/service-table.ts';
import type { LabState } from '../wire/lab-state.ts';

/**
 * @param what is asked for, as the subject of a sentence
 * @throws ReplaygroundError `other-system`
 */
export function requirePipeline(system: Pick<SystemFacts, 'name' | 'folder'>, what: string): void {
  if (isPipeline(system)) return;
  throw new ReplaygroundError(
    'other-system',
    `${what} belongs to the order pipeline, and this lab runs ${system.name}: ./lab down, then ./lab up`,
  );
}

/**
 * @returns where order-service and analytics-service are
 * @throws ReplaygroundError `other-system`
 */
export function pipelineUrls({ system, urls }: Pick<LabState, 'system' | 'urls'>): { orders: string; analytics: string } {
  requirePipeline(system, 'that');
  const { orders = '', analytics = '' } = urls;
  return { orders, analytics };
}
