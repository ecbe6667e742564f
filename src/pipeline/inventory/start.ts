/** Puts inventory-service together: topics, runtime settings, the decided-orders store, the exactly-once loop, health, metrics. */

import { join } from 'node:path';
import { Counter, Gauge } from 'prom-client';
import { ensureTopics, topicFacts } from '../../kafka/admin/admin.ts';
import { deadLetterTopic, labSettingsTopic } from '../../kafka/admin/side-topics.ts';
import type { TopicFacts } from '../../kafka/admin/topic-change.ts';
import { TopicWatch } from '../../kafka/admin/topic-watch.ts';
import { kafkaErrorCode } from '../../kafka/admin/with-deadline.ts';
import { bridgeError } from '../../kafka/bridge/bridge-error.ts';
import { clientConfig } from '../../kafka/client/client-config.ts';
import { type ClientConfig, connectAdmin } from '../../kafka/client/connect.ts';
import type { UnderWay } from '../../kafka/consumer/owned-partitions.ts';
import { ReplaygroundError } from '../../kafka/errors.ts';
import { commitMark } from '../../kafka/exactly-once/commit-mark.ts';
import { parseCrash } from '../../kafka/exactly-once/delivery.ts';
import { runExactlyOnce } from '../../kafka/exactly-once/exactly-once.ts';
import { tellDeleted } from '../../kafka/notes/tell-deleted.ts';
import { connectForWatermarks, connectReader } from '../../kafka/reading/read-to-end.ts';
import { Refusals } from '../../kafka/stalls/refusals.ts';
import { tellPassedOver, tellUnreadable } from '../../kafka/stalls/tell-unreadable.ts';
import { watchTransactions } from '../../kafka/stalls/watch-transactions.ts';
import { readClusterId } from '../../kafka/telemetry/cluster-id.ts';
import { topicSpecs } from '../events/topics.ts';
import { partitionsAtFirst } from '../growth/begun-with.ts';
import { growthNote, lacksOutputs, protocolFor } from '../growth/partition-growth.ts';
import { serviceAccess } from '../service/guard-access.ts';
import { buildHttpApp, listen } from '../service/http-app.ts';
import { createRegistry, exposition } from '../service/prometheus.ts';
import type { RunningService, ServiceContext } from '../service/run-service.ts';
import { stepHealth } from '../service/step-health.ts';
import type { Settings } from '../settings/declarations.ts';
import {
  followRuntimeSettings,
  lostSettingsText,
  publishRuntimeSettings,
  type RuntimeOverrides,
  type RuntimeSettings,
} from '../settings/runtime-settings.ts';
import { version } from '../settings/version.ts';
import { discardDatabase, isCorrupt } from '../state/open-database.ts';
import { crashOnPurpose } from './crash-on-purpose.ts';
import { DecidedOrders } from './decided-orders.ts';
import { orderHandler } from './on-order-placed.ts';
import { admit, restoringWhole, waitForTurn } from './take-turns.ts';

/** A step takes up to the commit interval, a throttle pause, and the deadlines of a transaction. */
const stepAllowanceMs = 20_000;

/** Codes of a producer whose transactional id somebody else uses now: _FENCED, INVALID_PRODUCER_EPOCH, PRODUCER_FENCED. */
const fencedCodes = new Set([-144, 47, 90]);

/** Starts one instance; it has joined its group, or is about to, when this returns. */
export async function startInventory({ name, settings, logger, telemetry }: ServiceContext): Promise<RunningService> {
  const { ordersTopic, inventoryTopic, inventoryGroupId: groupId, instance } = settings;
  const config = clientConfig(settings, `${name}.${instance}`);
  const { orders, inventory, letters, labSettings } = await prepareTopics(config, settings);
  const identity = [orders.id, inventory.id];
  const clusterId = telemetry && (await readClusterId({ ...config, 'client.id': `${name}.${instance}-cluster` }));

  const startValues: RuntimeSettings = {
    throttleMs: settings.consumerThrottleMs,
    failRate: settings.inventoryFailRate,
    paused: false,
    delivery: 'exactly-once',
    crash: 'none',
  };
  let latest: { settings: RuntimeSettings; overrides: RuntimeOverrides } = { settings: startValues, overrides: {} };
  const follower = await followRuntimeSettings(config, {
    service: name,
    onChange: (overrides) => {
      latest = { settings: { ...startValues, ...overrides }, overrides };
      logger.info(latest.settings, 'runtime settings');
    },
    onPassedOver: tellPassedOver(logger, lostSettingsText(name)),
  });
  /** What the batch under way is done by. */
  let inForce = latest;

  const reader = await connectReader({ ...config, 'client.id': `${name}.${instance}-restore` });
  const watermarks = await connectForWatermarks({ ...config, 'client.id': `${name}.${instance}-watermarks` });
  const watch = await TopicWatch.start(
    { ...config, 'client.id': `${name}.${instance}-topics` },
    [orders, inventory, { ...letters, remade: true }, { ...labSettings, remade: true }],
    (topic) => logger.warn({ topic }, 'the topic is gone: nothing is read until it is made again'),
  );
  const growth = {
    ...{ orders, inventory },
    begunWith: await partitionsAtFirst(config, watermarks, { orders, inventory }, (text) => logger.warn(text)),
  };
  const note = growthNote(growth);
  if (note !== undefined) logger.warn(note);
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
  let underWay: UnderWay[] = [];
  let lastStep = Date.now();
  const stop = new AbortController();
  const unreadable = tellUnreadable(logger);
  const unreadableDecisions = tellUnreadable(logger);
  const refusals = new Refusals(logger);
  const ids = new Map([orders, inventory].map((topic) => [topic.name, topic.id]));
  const deleted = await tellDeleted({ config, reader: watermarks, group: groupId, ids, logger, registry });
  const onWait = (): void => {
    lastStep = Date.now();
    inForce = latest;
  };
  const run = (): Promise<void> =>
    runExactlyOnce({
      config,
      groupId,
      groupProtocol: protocolFor(growth, settings.groupProtocol),
      transactionalId: `${groupId}-${instance}`,
      topic: ordersTopic,
      outputs: [inventoryTopic],
      telemetry: telemetry?.messaging(`${name}.${instance}`, () => clusterId),
      guard: {
        mark: commitMark(identity),
        onVoid: (commit) => logger.warn(commit, 'the committed offset is of a topic that was made anew since: reading from the beginning'),
        admit: (assigned) => admit(assigned, watch, growth),
        // Who writes by a new number of partitions has it from the broker, so it is there to be seen once such a record is read.
        confirm: () => watch.check(ordersTopic),
      },
      handler: restoringWhole(
        orderHandler({
          inventoryTopic,
          groupId,
          decided,
          reader,
          watermarks,
          faults: () => ({ failRate: inForce.settings.failRate, seed: settings.failSeed }),
          onOutcome: (outcome, count) => outcomes.inc({ outcome }, count),
          onOrder: logger.isLevelEnabled('debug') ? (step, orderId, partition) => logger.debug({ orderId, partition }, step) : undefined,
          onUnreadable: unreadableDecisions.onUnreadable,
          onRestored: (partition, read) => logger.info({ partition, read }, 'decided orders restored'),
        }),
        growth,
      ),
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
      onUnreadable: unreadable.onUnreadable,
      onDeleted: deleted.onDeleted,
      refusals,
      signal: stop.signal,
      onStep: (assigned, now) => {
        lastStep = Date.now();
        underWay = now;
        if (String(assigned) !== String(partitions)) logger.info({ partitions: assigned }, 'partitions assigned');
        partitions = assigned;
        partitionsOwned.set(assigned.length);
      },
    });
  const loop = waitForTurn(config, groupId, growth, stop.signal, onWait)
    .then(() => (stop.signal.aborted ? undefined : run()))
    .catch((error) => {
      // The next life starts with an empty store and reads the output log again.
      if (isCorrupt(error)) discardDatabase(file);
      if (fencedCodes.has(kafkaErrorCode(error) ?? 0)) throw fenced(settings, error);
      throw error;
    });
  loop.catch(() => {});
  const transactions = watchTransactions({
    // The decisions too: a partition whose decisions cannot be read is not decided on.
    partitions: () => [ordersTopic, inventoryTopic].flatMap((topic) => partitions.map((partition) => ({ topic, partition }))),
    ...{ askStable: reader, askEnds: watermarks, logger },
  });

  const app = await buildHttpApp({
    title: name,
    description: 'Decides on each order exactly once.',
    version,
    logger,
    access: serviceAccess(settings),
    telemetry: telemetry?.http,
    health: () => {
      const { healthy, facts } = stepHealth(
        lastStep,
        stepAllowanceMs + inForce.settings.throttleMs,
        watch.trouble ?? (lacksOutputs(growth) ? note : undefined),
      );
      return {
        healthy,
        body: {
          ...facts,
          notes: [note, deleted.text()].filter((one) => one !== undefined),
          instance,
          partitions,
          underWay,
          waiting: [...transactions.waiting(), ...unreadable.waiting(), ...unreadableDecisions.waiting(), ...refusals.waiting()],
          ...inForce,
        },
      };
    },
  });
  app.get('/metrics', { schema: { summary: 'Prometheus text' } }, async (_request, reply) => {
    const { contentType, body } = await exposition(registry);
    return reply.type(contentType).send(body);
  });
  const port = await listen(app, {
    host: settings.labHost,
    port: settings.inventoryServicePort,
    variable: 'INVENTORY_SERVICE_PORT',
    home: settings.labHome,
  });

  return {
    port,
    failed: Promise.race([loop.then(() => new Promise<never>(() => {})), watch.changed]),
    stop: async () => {
      stop.abort();
      transactions[Symbol.dispose]();
      await loop;
      await app.close();
      await Promise.all([follower, reader, watermarks, watch].map((client) => client[Symbol.asyncDispose]()));
      decided[Symbol.dispose]();
    },
  };
}

function fenced({ inventoryGroupId, instance }: Settings, cause: unknown): ReplaygroundError {
  // The coordinator also fences a producer whose transaction it gave up itself (KIP-98).
  const message =
    `another inventory-service took over as instance ${instance} of ${inventoryGroupId}, or this one stood still for longer than a ` +
    `transaction may last: give each its own LAB_INSTANCE, or each lab its own INVENTORY_GROUP_ID (${bridgeError(cause)?.fatalCause?.text ?? (cause as Error).message})`;
  return new ReplaygroundError('fenced', message, { cause });
}

async function prepareTopics(config: ClientConfig, { ordersTopic, inventoryTopic }: Settings) {
  using admin = connectAdmin(config);
  await ensureTopics(admin.client, topicSpecs({ ordersTopic, inventoryTopic }));
  const names = [ordersTopic, inventoryTopic, deadLetterTopic(ordersTopic), labSettingsTopic];
  const [orders, inventory, letters, labSettings] = await topicFacts(admin.client, names);
  return { orders, inventory, letters, labSettings } as Record<'orders' | 'inventory' | 'letters' | 'labSettings', TopicFacts>;
}
