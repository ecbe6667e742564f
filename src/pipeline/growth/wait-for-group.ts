/** Waits until nobody is in a group: whoever is to read alone joins then. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientConfig } from '../../kafka/client/connect.ts';
import { KafkaInspector } from '../../kafka/groups/inspector.ts';

const lookEveryMs = 1000;

/**
 * @param onLook called about once a second while it waits
 * @returns when the group has no member, or the signal aborts
 */
export async function waitUntilNobodyReads(config: ClientConfig, groupId: string, signal: AbortSignal, onLook: () => void): Promise<void> {
  using inspector = new KafkaInspector(config);
  const isTaken = async (): Promise<boolean> =>
    (await inspector.ask('describeGroup', groupId).catch(() => ({ members: [undefined] }))).members.length > 0;
  while (!signal.aborted && (await isTaken())) {
    onLook();
    await sleep(lookEveryMs, undefined, { signal }).catch(() => {});
  }
}
