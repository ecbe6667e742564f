/** Many records of the load of a system at once, numbered on from those that came in before. */
import { reachProducer } from '../../../kafka/bridge/reach.ts';
import type { ClientConfig } from '../../../kafka/client/connect.ts';
import type { KafkaInspector } from '../../../kafka/groups/inspector.ts';
import { sendingConfig } from '../../../kafka/producer/send-records.ts';
import type { System } from '../file/read-system.ts';
import { type BurstOptions, loadSender, sendBurst } from './send-load.ts';

export type SystemBurstOptions = Pick<BurstOptions, 'count' | 'ratePerSec' | 'onProgress' | 'signal'> & {
  config: ClientConfig;
  inspector: KafkaInspector;
  system: System;
  /** Where a load by HTTP goes to; see `processAddress`. */
  baseUrl: string | undefined;
};

/** `produced`: how many arrived. */
export type SystemBurst = { produced: number; durationMs: number; eventsPerSec: number };

/** @throws ReplaygroundError `load-failed`, `kafka-error`, `kafka-deadline`, `kafka-unreachable` */
export async function systemBurst({ config, inspector, system, baseUrl, ...wish }: SystemBurstOptions): Promise<SystemBurst> {
  await using producer = await reachProducer({ ...config, ...sendingConfig });
  const sender = loadSender({ load: system.load, folder: system.folder, producer, baseUrl: () => baseUrl });
  using _records = sender.records;
  const from = (await recordsBefore(inspector, system)) + 1;
  const startedAt = performance.now();
  const produced = await sendBurst({ ...wish, sender, from });
  const durationMs = performance.now() - startedAt;
  return { produced, durationMs, eventsPerSec: produced / (durationMs / 1000) };
}

/** As many ids were given at most. */
async function recordsBefore(inspector: KafkaInspector, { load, ledger }: System): Promise<number> {
  const partitions = await inspector.ask('partitionsOf', [load.topic ?? ledger[0]?.from ?? '']);
  const ends = await inspector.ask('offsets', partitions, 'latest');
  return ends.reduce((sum, { offset = 0 }) => sum + offset, 0);
}
