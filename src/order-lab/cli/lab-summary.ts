/** What `up` says once a lab is there: where to look, what to type next. */
import { isPipeline } from '../supervisor/service-table.ts';
import type { LabState } from '../wire/lab-state.ts';

/** @returns lines for people */
export function summaryLines({ urls, brokers, processes, system }: LabState): string[] {
  const healthy = processes.filter(({ state }) => state === 'healthy').length;
  return [
    `ready: ${healthy} of ${processes.length} processes healthy`,
    `  lab        ${urls.lab}`,
    ...(isPipeline(system)
      ? [`  orders     ${urls.orders}/docs`, `  analytics  ${urls.analytics}/metrics`]
      : [`  system     ${system.name}`]),
    `  Kafka      ${brokers}`,
  ];
}
