/** Where a process of a system is asked by HTTP. Pure. */
import { brokerName } from '../../supervisor/instance-name.ts';
import type { ProcessView } from '../../wire/lab-state.ts';

/**
 * @param service whose first process that has a port; where none is named, of the only one with a port
 * @returns its address; undefined where none has a port now
 */
export function processAddress(processes: readonly Pick<ProcessView, 'service' | 'port'>[], service?: string | null): string | undefined {
  const asked = processes.find((one) => one.port !== null && one.service !== brokerName && one.service === (service ?? one.service));
  return asked && `http://127.0.0.1:${asked.port}`;
}
