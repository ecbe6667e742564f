/** Puts inventory-service together: topics, runtime settings, the decided-orders store, the exactly-once loop, health, metrics. */
import { join } from 'node:path';
import { Counter, Gauge } from 'prom-client';
import { ReplaygroundError } from '../errors.ts';
import { topicSpecs } from '../events/topics.ts';
import { describeTopics, ensureTopics, topicIds } from '../kafka/admin.ts';
import { kafkaErrorCode } from '../kafka/ask.ts';
import { clientConfig } from '../kafka/client-config.ts';
import { type ClientConfig, connectAdmin } from '../kafka/connect.ts';
import { parseCrash } from '../kafka/delivery.ts';
import { runExactlyOnce } from '../kafka/exactly-once.ts';
import { connectForWatermarks, connectReader } from '../kafka/read-to-end.ts';
import { followRuntimeSettings, publishRuntimeSettings, type RuntimeOverrides, type RuntimeSettings } from '../kafka/runtime-settings.ts';
import { serviceAccess } from '../service/guard-access.ts';
import { buildHttpApp, listen } from '../service/http-app.ts';
import { createRegistry, exposition } from '../service/prometheus.ts';
import type { RunningService, ServiceContext } from '../service/run-service.ts';
import { stepHealth } from '../service/step-health.ts';
import type { Settings } from '../settings/declarations.ts';
import { discardDatabase, isCorrupt } from '../state/open-database.ts';
import { version } from '../version.ts';
import { crashOnPurpose } from './crash-on-purpose.ts';
import { DecidedOrders } from './decided-orders.ts';
import { orderHandler } from './on-order-placed.ts';

/** A step takes up to the commit interval, a throttle pause, and the deadlines of a transaction. */
const stepAllowanceMs = 20_000;

/** Codes of a producer whose transactional id somebody else uses now: _FENCED, INVALID_PRODUCER_EPOCH, PRODUCER_FENCED. */
const fencedCodes = new Set([-144, 47, 90]);

/** Starts one instance; it has joined its group, or is about to, when this returns. */
export async function startInventory({ name, settings, logger }: ServiceContext): Promise<RunningService> {
  const { ordersTopic, inventoryTopic, inventoryGroupId: groupId, instance } = settings;
  const config = clientConfig(settings, `${name}.${instance}`);
  const identity = await prepareTopics(config, settings);

  const startValues: RuntimeSettings = {
    throttleMs: settings.consumerThrottleMs,
    failRate: settings.inventoryFailRate,
    paused: false,
    delivery: 'exactly-once',
    crash: 'none',
  };
  let latest: { settings: RuntimeSettings; overrides: RuntimeOverrides } = { settings: startValues, overrides: {} };
  const follower = await followRuntimeSettings(config, name, (overrides) => {
    latest = { settings: { ...startValues, ...overrides }, overrides };
    logger.info(latest.settings, 'runtime settings');
  });
  /** What the batch under way is done by. */
  let inForce = latest;

  const reader = await connectReader({ ...config, 'client.id': `${name}.${instance}-restore` });
  const watermarks = await connectForWatermarks({ ...config, 'client.id': `${name}.${instance}-watermarks` });
  const file = join(settings.labHome, 'state', `${name}.${instance}`, 'decided.db');
  const decided = new DecidedOrders({
    file,
    topicIds: identity,
    onDiscard: (why) => logger.warn({ why }, 'starting an empty store: the log gives everything back'),
  });

  const registry = createRegistry(name);
  const outcomes = new Counter({
    name: 'replayground_inventory_orders_total',
    help: 'Orders read, by outcome',
    labelNames: ['outcome'],
    registers: [registry],
  });
  const partitionsOwned = new Gauge({ name: 'replayground_inventory_partitions', help: 'Partitions owned now', registers: [registry] });

  let partitions: number[] = [];
  let lastStep = Date.now();
  const stop = new AbortController();
  const loop = runExactlyOnce({
    config,
    groupId,
    transactionalId: `${groupId}-${instance}`,
    topic: ordersTopic,
    handler: orderHandler({
      inventoryTopic,
      groupId,
      decided,
      reader: reader.client,
      watermarks: watermarks.client,
      faults: () => ({ failRate: inForce.settings.failRate, seed: settings.failSeed }),
      onOutcome: (outcome, count) => outcomes.inc({ outcome }, count),
      onRestored: (partition, read) => logger.info({ partition, read }, 'decided orders restored'),
    }),
    control: () => {
      inForce = latest;
      return inForce.settings;
    },
    passing: crashOnPurpose({
      wanted: () => parseCrash(inForce.settings.crash),
      takeBack: () => publishRuntimeSettings(config, name, { crash: 'none' }),
      die: (point) => {
        logger.warn({ point, delivery: inForce.settings.delivery }, 'crashing on purpose');
        process.kill(process.pid, 'SIGKILL');
      },
    }),
    signal: stop.signal,
    onStep: (assigned) => {
      lastStep = Date.now();
      if (String(assigned) !== String(partitions)) logger.info({ partitions: assigned }, 'partitions assigned');
      partitions = assigned;
      partitionsOwned.set(assigned.length);
    },
  }).catch((error) => {
    // The next life starts with an empty store and reads the output log again.
    if (isCorrupt(error)) discardDatabase(file);
    if (fencedCodes.has(kafkaErrorCode(error) ?? 0)) throw fenced(settings, error);
    throw error;
  });
  loop.catch(() => {});

  const app = await buildHttpApp({
    title: name,
    description: 'Decides on each order exactly once.',
    version,
    logger,
    access: serviceAccess(settings),
    health: () => {
      const { healthy, facts } = stepHealth(lastStep, stepAllowanceMs + inForce.settings.throttleMs);
      return { healthy, body: { ...facts, instance, partitions, ...inForce } };
    },
  });
  app.get('/metrics', { schema: { summary: 'Prometheus text' } }, async (_request, reply) => {
    const { contentType, body } = await exposition(registry);
    return reply.type(contentType).send(body);
  });
  const port = await listen(app, { host: settings.labHost, port: settings.inventoryServicePort, variable: 'INVENTORY_SERVICE_PORT' });

  return {
    port,
    failed: loop.then(() => new Promise<never>(() => {})),
    stop: async () => {
      stop.abort();
      await loop;
      await app.close();
      await Promise.all([follower, reader, watermarks].map((client) => client[Symbol.asyncDispose]()));
      decided[Symbol.dispose]();
    },
  };
}

function fenced({ inventoryGroupId, instance }: Settings, cause: unknown): ReplaygroundError {
  const message = `another inventory-service took over as instance ${instance} of ${inventoryGroupId}: give each its own LAB_INSTANCE`;
  return new ReplaygroundError('fenced', message, { cause });
}

/** Makes the topics, and refuses a pair whose partitions do not match: the once-only promise rests on equal numbers. */
async function prepareTopics(config: ClientConfig, { ordersTopic, inventoryTopic }: Settings): Promise<string[]> {
  using admin = connectAdmin(config);
  await ensureTopics(admin.client, topicSpecs({ ordersTopic, inventoryTopic }));
  const [orders, inventory] = await describeTopics(admin.client, [ordersTopic, inventoryTopic]);
  if (orders?.partitions.length !== inventory?.partitions.length) {
    throw new ReplaygroundError(
      'partitions-differ',
      `${ordersTopic} has ${orders?.partitions.length} partitions and ${inventoryTopic} ${inventory?.partitions.length}: make them equal`,
    );
  }
  return [...(await topicIds(admin.client, [ordersTopic, inventoryTopic])).values()];
}
