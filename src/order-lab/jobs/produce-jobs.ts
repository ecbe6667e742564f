/** Jobs that write: a burst, a setting, a single record. */
import { randomBytes } from 'node:crypto';
import type { MessageHeader } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { errorOfCode } from '../../kafka/admin/with-deadline.ts';
import { BatchWriter } from '../../kafka/bridge/batch-writer.ts';
import { reachProducer } from '../../kafka/bridge/reach.ts';
import { ReplaygroundError } from '../../kafka/errors.ts';
import { connectReader } from '../../kafka/reading/read-to-end.ts';
import { searchTopic } from '../../kafka/reading/search-topic.ts';
import { headerPairs } from '../../kafka/record/headers.ts';
import { textOf } from '../../kafka/record/show-record.ts';
import { noteInLog } from '../../lab/supervisor/log-files.ts';
import { readRunningSystem } from '../../lab/systems/file/read-system.ts';
import { type SystemBurst, systemBurst } from '../../lab/systems/load/system-burst.ts';
import type { SystemFacts } from '../../lab/wire/system-facts.ts';
import { type BurstResult, publishBurst } from '../../pipeline/orders/burst.ts';
import { burstSummary } from '../../pipeline/orders/burst-lines.ts';
import { orderProducerConfig } from '../../pipeline/orders/producer-config.ts';
import { publishRuntimeSettings, type RuntimeOverrides } from '../../pipeline/settings/runtime-settings.ts';
import type { JobContext } from './job-context.ts';
import { boundsOf } from './topic-bounds.ts';

export type BurstArgs = {
  runId: string;
  count: number;
  ratePerSec: number | undefined;
  failRate: number;
  seed: string;
  hot?: number | undefined;
};

const progressSteps = 200;
/** More often is more than anybody sees (ms). */
const progressEveryMs = 200;
const deadlineMs = 15_000;

/** @throws ReplaygroundError `burst-incomplete` */
export async function burst({ settings, signal, progress }: JobContext, args: BurstArgs): Promise<BurstResult> {
  const onProgress = nowAndThen(progress);
  const progressEvery = Math.max(1, Math.min(1000, Math.floor(args.count / progressSteps)));
  const result = await publishBurst({ ...args, settings, topic: settings.ordersTopic, signal, onProgress, progressEvery });
  noteInLog(settings.labHome, 'order-service', { msg: burstSummary(result), run_id: args.runId, by: 'the page' });
  return result;
}

export type LoadArgs = Pick<BurstArgs, 'count' | 'ratePerSec'> & {
  system: Pick<SystemFacts, 'name' | 'folder'>;
  /** Where a load by HTTP goes to. */
  baseUrl: string | undefined;
};

/** Records of the load of a system of anybody's. @throws ReplaygroundError `burst-incomplete` */
export async function loadBurst({ config, inspector, signal, progress }: JobContext, args: LoadArgs): Promise<SystemBurst> {
  const system = readRunningSystem(args.system);
  const result = await systemBurst({ ...args, config, inspector, system, signal, onProgress: nowAndThen(progress) });
  if (result.produced < args.count)
    throw new ReplaygroundError('burst-incomplete', `${args.count - result.produced} of ${args.count} records were not taken`);
  return result;
}

function nowAndThen(tell: (done: number) => void): (done: number) => void {
  let toldMs = 0;
  return (done) => {
    if (Date.now() - toldMs < progressEveryMs) return;
    toldMs = Date.now();
    tell(done);
  };
}

/** @param args `changes` null: back to the start values */
export const publishSettings = (
  { config }: JobContext,
  args: { service: string; changes: RuntimeOverrides | null },
): Promise<RuntimeOverrides> => publishRuntimeSettings(config, args.service, args.changes);

export type SentRecord = { key: string; value: string; topic: string; partition: number; offset: number };

/** @throws ReplaygroundError `no-record` where there is no such order to send again */
export async function sendRecord(
  context: JobContext,
  args: { kind: 'poison' | 'duplicate'; orderId: string | undefined },
): Promise<SentRecord> {
  if (args.kind === 'duplicate') return sendAgain(context, args.orderId);
  const key = `poison-${randomBytes(4).toString('hex')}`;
  return send(context, { key, value: Buffer.from(`{"orderId":"${key}","items":[`), headers: [{ 'content-type': 'application/json' }] });
}

async function sendAgain(context: JobContext, orderId: string | undefined): Promise<SentRecord> {
  const { settings, inspector, config, signal } = context;
  await using reader = await connectReader({ ...config, 'client.id': 'lab-duplicate' });
  const bounds = await boundsOf(inspector, settings.ordersTopic);
  const isWanted = (key: string | null): boolean =>
    key !== null && !key.startsWith('poison-') && (orderId === undefined || key === orderId);
  const { records } = await searchTopic(reader, {
    bounds,
    direction: 'newest-first',
    limit: 1,
    isWanted: (record) => isWanted(textOf(record.key)) && record.value !== null,
    signal: AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]),
  });
  const [record] = records;
  if (!record?.value) {
    throw new ReplaygroundError(
      'no-record',
      orderId === undefined ? 'there is no order yet to send again' : `there is no order ${orderId}`,
    );
  }
  return send(context, { key: textOf(record.key) ?? '', value: record.value, headers: record.headers ?? [] });
}

async function send({ settings }: JobContext, record: { key: string; value: Buffer; headers: MessageHeader[] }): Promise<SentRecord> {
  const { ordersTopic } = settings;
  await using producer = await reachProducer(orderProducerConfig(settings, 'lab-record', deadlineMs));
  const batch = new BatchWriter();
  batch.write({ ...record, topic: producer.topic(ordersTopic), partition: null, headers: headerPairs(record.headers) });
  const { partitions, offsets, refused } = await producer.produce(batch, deadlineMs, deadlineMs);
  if (refused[0]) throw errorOfCode('send the record', refused[0]);
  const [partition = 0, offset = 0] = [partitions[0], offsets[0]];
  return { key: record.key, value: record.value.toString('utf8'), topic: ordersTopic, partition, offset };
}
