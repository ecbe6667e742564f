/** A worker of a share group (KIP-932): takes records, does the work of each for good, then says what becomes of it. At least once. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Acknowledgement, acknowledgement, BridgeShareConsumer, type ShareBatch } from '../bridge/bridge-share-consumer.ts';
import type { BridgeConfig } from '../bridge/load.ts';
import type { ClientConfig } from '../client/connect.ts';
import { ReplaygroundError } from '../errors.ts';
import { partitionKey } from '../partition.ts';
import { Pacer } from './throttle.ts';

/** What became of records, as the broker has confirmed it. */
export type Acknowledged = Record<Acknowledgement, number> & {
  /** The broker had given them to somebody else, or was about to: their lock was over. */
  late: number;
};

export type ShareWorkOptions = {
  config: ClientConfig;
  groupId: string;
  topics: readonly string[];
  /** How long the group's locks last (ms). What cannot be done while one lasts is released. */
  lockMs: number;
  /**
   * Does the work of the records `from` to `to` - 1. What it has done must be there for good when it returns: a crash before the acknowledgement
   * repeats it, a crash after it does not.
   * @returns of each what becomes of it
   */
  work(records: ShareBatch, from: number, to: number): Promise<Acknowledgement[]>;
  /** Read before each slice, so that a change acts at once. */
  control: () => { throttleMs: number; paused: boolean };
  signal: AbortSignal;
  /** Called for each batch that holds records, before any work: how many, and how many of them were delivered before. */
  onDelivered: (records: number, again: number) => void;
  onAcknowledged: (outcome: Acknowledged) => void;
  /** Called after each step with how many records are under this worker's locks. */
  onStep: (inFlight: number) => void;
  /** Told of an error after which the client goes on. */
  onTrouble: (error: Error) => void;
};

const pollMs = 500;
const pausedMs = 100;
const troubleMs = 500;
/** Records of so long are acknowledged together where a throttle is on (ms). */
const sliceMs = 100;
const sliceRecords = 500;
/** Which part of a lock may be used: the acknowledgement has to be there while it lasts. */
const usedOfLock = 0.7;

/**
 * Runs until the signal aborts; then the slice under way is acknowledged, the rest is left to others and the group is left.
 * @throws ReplaygroundError whatever failed for good: the caller must end the process; the broker gives its records to others
 */
export async function runShareWorker(options: ShareWorkOptions): Promise<void> {
  const { config, groupId, topics, control, signal, onStep, onDelivered, onTrouble } = options;
  const own = { 'group.id': groupId, 'max.poll.records': sliceRecords, 'fetch.wait.max.ms': 100 };
  await using consumer = new BridgeShareConsumer({ ...(config as BridgeConfig), ...own });
  await consumer.subscribe(topics);
  const pacer = new Pacer({ maxRecords: sliceRecords, withinMs: sliceMs });
  while (!signal.aborted) {
    if (control().paused) await sleep(pausedMs, undefined, { signal }).catch(() => {});
    else {
      const records = await pollOrTell(consumer, onTrouble);
      if (records && records.count > 0) {
        onDelivered(records.count, deliveredBefore(records));
        await workOn(records, consumer, pacer, options);
        records.release();
      }
    }
    onStep(0);
  }
}

async function pollOrTell(consumer: BridgeShareConsumer, onTrouble: ShareWorkOptions['onTrouble']): Promise<ShareBatch | undefined> {
  try {
    return await consumer.poll(pollMs);
  } catch (error) {
    if (!(error instanceof ReplaygroundError && error.retriable) || error.code === 'kafka-deadline') throw error;
    onTrouble(error);
    await sleep(troubleMs);
    return undefined;
  }
}

function deliveredBefore(records: ShareBatch): number {
  let again = 0;
  for (let i = 0; i < records.count; i++) if (records.deliveryCount(i) > 1) again += 1;
  return again;
}

/** Slice by slice, so that little is repeated after a crash. A batch is as large as its producer made it, and may outlast its locks. */
async function workOn(records: ShareBatch, consumer: BridgeShareConsumer, pacer: Pacer, options: ShareWorkOptions): Promise<void> {
  const { lockMs, control, signal, work, onStep } = options;
  const until = performance.now() + lockMs * usedOfLock;
  for (let from = 0; from < records.count; ) {
    onStep(records.count - from);
    if (signal.aborted) return;
    if (performance.now() > until) return await acknowledge(consumer, records, from, releaseAll(records.count - from), options);
    const pace = pacer.begin(control().throttleMs);
    const to = Math.min(records.count, from + pace.maxRecords);
    const outcome = await work(records, from, to);
    await pace.slowDown(to - from, signal);
    await acknowledge(consumer, records, from, outcome, options);
    from = to;
  }
}

const releaseAll = (count: number): Acknowledgement[] => Array.from({ length: count }, () => 'release');

async function acknowledge(
  consumer: BridgeShareConsumer,
  records: ShareBatch,
  from: number,
  outcome: readonly Acknowledgement[],
  { onAcknowledged }: ShareWorkOptions,
): Promise<void> {
  const types = new Uint8Array(records.count);
  for (const [index, one] of outcome.entries()) types[from + index] = acknowledgement[one];
  const answers = await consumer.acknowledge(types);
  const refused = new Set(answers.filter(({ code }) => code !== undefined).map(partitionKey));
  const told: Acknowledged = { accept: 0, release: 0, reject: 0, late: 0 };
  for (const [index, one] of outcome.entries()) {
    const place = { topic: records.topic(from + index), partition: records.partition(from + index) };
    told[refused.has(partitionKey(place)) ? 'late' : one] += 1;
  }
  onAcknowledged(told);
}
