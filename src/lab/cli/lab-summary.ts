/** What `up` says once a lab is there: where to look, what to type next. */
import type { LabState } from '../wire/lab-state.ts';

/** @returns lines for people */
export function summaryLines({ urls, brokers, processes }: LabState): string[] {
  const healthy = processes.filter(({ state }) => state === 'healthy').length;
  return [
    `ready: ${healthy} of ${processes.length} processes healthy`,
    `  lab        ${urls.lab}`,
    `  orders     ${urls.orders}/docs`,
    `  analytics  ${urls.analytics}/metrics`,
    `  Kafka      ${brokers}`,
  ];
}
