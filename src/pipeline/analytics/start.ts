/** Puts analytics-service together: the store, the loop, replays, reports, HTTP API. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { partsTopicSpec } from '../../kafka/admin/side-topics.ts';
import { TopicWatch, type WatchedTopic } from '../../kafka/admin/topic-watch.ts';
import { reachProducer } from '../../kafka/bridge/reach.ts';
import { clientConfig } from '../../kafka/client/client-config.ts';
import { DeadLetterWriter } from '../../kafka/dead-letters/write-letters-once.ts';
import { tellDeleted } from '../../kafka/notes/tell-deleted.ts';
import { sendingConfig } from '../../kafka/producer/send-records.ts';
import { connectForWatermarks, connectReader } from '../../kafka/reading/read-to-end.ts';
import { Refusals } from '../../kafka/stalls/refusals.ts';
import { tellPassedOver, tellUnreadable } from '../../kafka/stalls/tell-unreadable.ts';
import { watchTransactions } from '../../kafka/stalls/watch-transactions.ts';
import { readClusterId } from '../../kafka/telemetry/cluster-id.ts';
import { asyncApi } from '../contract/asyncapi.ts';
import { partitionsAtFirst } from '../growth/begun-with.ts';
import { mustReadAlone } from '../growth/partition-growth.ts';
import { waitUntilNobodyReads } from '../growth/wait-for-group.ts';
import { serviceAccess } from '../service/guard-access.ts';
import { buildHttpApp, listen } from '../service/http-app.ts';
import { createRegistry } from '../service/prometheus.ts';
import type { RunningService, ServiceContext } from '../service/run-service.ts';
import { stepHealth } from '../service/step-health.ts';
import { followRuntimeSettings, lostSettingsText, type RuntimeOverrides } from '../settings/runtime-settings.ts';
import { version } from '../settings/version.ts';
import { discardDatabase, isCorrupt } from '../state/open-database.ts';
import { addAnalyticsRoutes } from './analytics-routes.ts';
import { sourceOf } from './answer-source.ts';
import { liveMetrics } from './live-metrics.ts';
import type { Metrics } from './metrics.ts';
import { PartsTopic } from './parts-topic.ts';
import { prepareTopics } from './prepare-topics.ts';
import { registerViewMetrics } from './prometheus.ts';
import { type ReplayTarget, replayRanges, stableEnds } from './replay-start.ts';
import { Replayer } from './replayer.ts';
import { reportSaver, reportText } from './report.ts';
import { PartTeller } from './tell-parts.ts';
import { ViewLoop } from './view-loop.ts';
import { ViewStore } from './view-store.ts';
import { wholeRows } from './whole-rows.ts';

/** A step takes up to the commit interval, a throttle pause, and the deadlines of its calls. */
const stepAllowanceMs = 25_000;

/** Starts analytics-service; it has joined its group, or is about to, when this returns. */
export async function startAnalytics({ name, settings, logger, telemetry }: ServiceContext): Promise<RunningService> {
  const { ordersTopic, inventoryTopic, analyticsGroupId: groupId, instance, metricsDir } = settings;
  const config = clientConfig(settings, `${name}.${instance}`);
  const watched = await prepareTopics(config, settings);
  const topics = watched.slice(0, 2);
  const file = join(settings.labHome, 'state', `${name}.${instance}`, 'view.db');
  const store = new ViewStore({
    file,
    topics: { orders: ordersTopic, inventory: inventoryTopic, ids: topics.map(({ id }) => id) },
    onDiscard: (why) => logger.warn({ why }, 'starting an empty store: the log gives everything back'),
  });
  const producer = await reachProducer({ ...config, ...sendingConfig });
  const clusterId = telemetry && (await readClusterId({ ...config, 'client.id': `${name}.${instance}-cluster` }));
  const reader = await connectReader({ ...config, 'client.id': `${name}.${instance}-restore` });
  const askEnds = await connectForWatermarks({ ...config, 'client.id': `${name}.${instance}-watermarks` });
  const watch = await TopicWatch.start({ ...config, 'client.id': `${name}.${instance}-topics` }, watched, (topic) =>
    logger.warn({ topic }, 'the topic is gone: nothing is read until it is made again'),
  );
  const startValues = { throttleMs: settings.analyticsThrottleMs, paused: false };
  let latest: { settings: typeof startValues; overrides: RuntimeOverrides } = { settings: startValues, overrides: {} };
  const follower = await followRuntimeSettings(config, {
    service: name,
    onChange: (overrides) => {
      const { throttleMs = startValues.throttleMs, paused = startValues.paused } = overrides;
      latest = { settings: { throttleMs, paused }, overrides };
      logger.info(latest.settings, 'runtime settings');
    },
    onPassedOver: tellPassedOver(logger, lostSettingsText(name)),
  });
  const [orders, inventory] = topics as [WatchedTopic, WatchedTopic];
  const begunWith = await partitionsAtFirst(config, askEnds, { orders, inventory }, (text) => logger.warn(text));
  const alone = mustReadAlone({ orders, inventory, begunWith });
  /** What the batch under way is done by. */
  let inForce = latest;

  const partitions = topics.flatMap(({ name: topic, partitions }) =>
    Array.from({ length: partitions }, (_, partition) => ({ topic, partition })),
  );
  const telling = { ids: topics.map(({ id }) => id), by: randomUUID() };
  const parts = await PartsTopic.start({
    ...telling,
    config: { ...config, 'client.id': `${name}.${instance}-parts` },
    topic: partsTopicSpec(groupId).name,
    producer,
    onPassedOver: tellPassedOver(logger, 'what an instance told there of its part is not known until it tells it again'),
  });
  const source = sourceOf({ loop: () => loop, store, topic: parts, partitions });
  const look = liveMetrics({ source, askEnds, partitions, replayUnderWay: () => parts.replays.underWay });
  const metrics = async (): Promise<Metrics> => (await look()).metrics;
  const saveReport = reportSaver(metricsDir, (file, why) => logger.warn({ file, why }, 'the report was not written'));
  const replayer = new Replayer<ReplayTarget>({
    log: parts.replays,
    ...{ store, source, look },
    ends: () => stableEnds(reader, partitions),
    ranges: (target, positions) => replayRanges(askEnds, target, positions),
    onStarted: ({ id, before }) => {
      logger.info({ id }, 'replay started');
      saveReport('metrics_initial.txt', before);
    },
    onFinished: ({ id, identical, first_difference, after }) => {
      logger.info({ id, identical, first_difference }, 'replay finished');
      if (after) saveReport('metrics_after_replay.txt', after);
    },
  });

  let lastStep = Date.now();
  let printed = 0;
  const stop = new AbortController();
  const unreadable = tellUnreadable(logger);
  const refusals = new Refusals(logger);
  const registry = createRegistry(name);
  const ids = new Map(topics.map((topic) => [topic.name, topic.id]));
  const deleted = await tellDeleted({ config, reader: askEnds, group: groupId, ids, logger, registry });
  const loop = new ViewLoop({
    config,
    groupId,
    groupProtocol: alone ? 'classic' : settings.groupProtocol,
    alone,
    checkTopics: () => watch.check(),
    ordersTopic,
    inventoryTopic,
    store,
    partitions,
    deadLetters: new DeadLetterWriter(inventoryTopic, producer, reader),
    onLettersPassedOver: tellPassedOver(
      logger,
      'the letters there are taken as not written, so a record that is read again may get a second one',
    ),
    control: () => {
      inForce = latest;
      return inForce.settings;
    },
    onUnreadable: unreadable.onUnreadable,
    onDeleted: deleted.onDeleted,
    refusals,
    telemetry: telemetry?.messaging(`${name}.${instance}`, () => clusterId),
    signal: stop.signal,
    limits: () => replayer.limits(),
    onStart: ({ topic, partition }, { action, offset, because }) =>
      logger.info({ topic, partition, action, offset, because }, 'partition assigned'),
    onOrder: logger.isLevelEnabled('debug') ? (orderId, place) => logger.debug({ orderId, ...place }, 'Processed order') : undefined,
    onConflicts: (conflicts) => {
      // One line a batch: a program that numbers its orders anew sends nothing else.
      const [{ orderId, first, other } = {}] = conflicts;
      logger.warn({ orderId, first, other, count: conflicts.length }, 'the same order id with other contents: the first one counts');
    },
    onStep: async (current) => {
      lastStep = Date.now();
      const thousands = Math.floor(current.view.orders / settings.printEvery);
      if (thousands > printed) process.stdout.write(`Processed ${thousands * settings.printEvery} orders\n`);
      printed = thousands;
      await replayer.step(current);
    },
  });
  const onWaiting = (): void => {
    lastStep = Date.now();
  };
  const rows = wholeRows(store, stop.signal, onWaiting);
  const read = async (): Promise<void> => {
    await rows.over;
    if (alone) await waitUntilNobodyReads(config, groupId, stop.signal, onWaiting);
    await loop.run();
  };
  /** The next life starts with an empty store and reads the log again. */
  const discardCorrupt = (error: unknown): never => {
    if (isCorrupt(error)) discardDatabase(file);
    throw error;
  };
  const running = read().catch(discardCorrupt);
  running.catch(() => {});
  const teller = new PartTeller({
    ...telling,
    ...{ store, instance },
    topic: parts,
    loop: () => loop,
    onTrouble: (trouble) => {
      if (trouble) logger.warn({ why: trouble.message }, 'other instances do not know what this one counts');
      else logger.info('other instances know again what this one counts');
    },
  });

  const transactions = watchTransactions({ partitions: () => loop.assigned, askStable: reader, askEnds: askEnds, logger });
  const endToEndMs = (): number | null => loop.endToEnd.meanMs(Date.now());
  registerViewMetrics(registry, groupId, async () => ({ ...(await look()), endToEndMs: endToEndMs() }));
  const app = await buildHttpApp({
    title: name,
    description: 'The replayable view of orders and decisions.',
    version,
    logger,
    access: serviceAccess(settings),
    telemetry: telemetry?.http,
    contract: asyncApi(settings, version),
    health: () => {
      const { healthy, facts } = stepHealth(lastStep, stepAllowanceMs + inForce.settings.throttleMs, watch.trouble);
      const waiting = [...transactions.waiting(), ...unreadable.waiting(), ...refusals.waiting()];
      return {
        healthy,
        body: {
          ...facts,
          notes: [deleted.text(), rows.text()].filter((one) => one !== undefined),
          partitions: loop.assigned.length,
          underWay: loop.underWay,
          waiting,
          endToEndMs: endToEndMs(),
          ...inForce,
        },
      };
    },
  });
  addAnalyticsRoutes(app, {
    metrics,
    registry,
    requestReplay: (target) => replayer.request(target),
    findReplay: (id) => parts.replays.find(id),
    progress: source,
  });
  const port = await listen(app, {
    host: settings.labHost,
    port: settings.analyticsServicePort,
    variable: 'ANALYTICS_SERVICE_PORT',
    home: settings.labHome,
  });

  const report = async () => {
    const now = await metrics();
    process.stdout.write(reportText(now));
    saveReport('metrics.txt', now);
  };
  const timer = setInterval(() => void report(), settings.reportIntervalSec * 1000);

  return {
    port,
    failed: Promise.race([running.then(() => new Promise<never>(() => {})), watch.changed, teller.failed.catch(discardCorrupt)]),
    stop: async () => {
      clearInterval(timer);
      stop.abort();
      transactions[Symbol.dispose]();
      await running;
      replayer.close();
      await app.close();
      teller[Symbol.dispose]();
      await Promise.all([follower, parts, reader, askEnds, producer, watch].map((client) => client[Symbol.asyncDispose]()));
      store[Symbol.dispose]();
    },
  };
}
