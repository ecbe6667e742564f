/** Puts notification-service together: the share group, runtime settings, the worker's loop, health, metrics. */
import { Counter, Gauge } from 'prom-client';
import { reachProducer } from '../../kafka/bridge/reach.ts';
import { clientConfig } from '../../kafka/client/client-config.ts';
import { runShareWorker } from '../../kafka/consumer/share-consumer.ts';
import type { WorkerFigures } from '../../kafka/consumer/worker-figures.ts';
import { sendingConfig } from '../../kafka/producer/send-records.ts';
import { tellPassedOver } from '../../kafka/stalls/tell-unreadable.ts';
import { serviceAccess } from '../service/guard-access.ts';
import { buildHttpApp, listen } from '../service/http-app.ts';
import { createRegistry, exposition } from '../service/prometheus.ts';
import type { RunningService, ServiceContext } from '../service/run-service.ts';
import { stepHealth } from '../service/step-health.ts';
import { followRuntimeSettings, lostSettingsText, type RuntimeOverrides } from '../settings/runtime-settings.ts';
import { version } from '../settings/version.ts';
import { lockMs, prepareShareGroup } from './share-group.ts';
import { tellCustomers } from './tell-customers.ts';

/** A step takes up to the deadline of a write and that of an acknowledgement, and a throttle pause. */
const stepAllowanceMs = 30_000;

/** Starts one worker; it joins its group soon after this returns. */
export async function startNotifications({ name, settings, logger, telemetry }: ServiceContext): Promise<RunningService> {
  const { inventoryTopic, notificationsTopic, notificationGroupId: groupId, instance } = settings;
  const config = clientConfig(settings, `${name}.${instance}`);
  const producer = await reachProducer({ ...config, ...sendingConfig });
  if (!(await prepareShareGroup(config, producer, settings)))
    logger.warn('this Kafka writes no dead letters of share groups: use 4.4 or newer');

  const startValues = {
    throttleMs: settings.notificationThrottleMs,
    failRate: settings.notificationFailRate,
    rejectRate: settings.notificationRejectRate,
    paused: false,
  };
  let inForce: { settings: typeof startValues; overrides: RuntimeOverrides } = { settings: startValues, overrides: {} };
  const follower = await followRuntimeSettings(config, {
    service: name,
    onChange: (overrides) => {
      const { throttleMs, failRate, rejectRate, paused } = { ...startValues, ...overrides };
      inForce = { settings: { throttleMs, failRate, rejectRate, paused }, overrides };
      logger.info(inForce.settings, 'runtime settings');
    },
    onPassedOver: tellPassedOver(logger, lostSettingsText(name)),
  });

  const registry = createRegistry(name);
  const outcomes = new Counter({
    name: 'replayground_notification_records_total',
    help: 'Decisions delivered to this worker, by what became of them: told, released, rejected, late',
    labelNames: ['outcome'],
    registers: [registry],
  });
  const redeliveries = new Counter({
    name: 'replayground_notification_redelivered_total',
    help: 'Decisions that were delivered before',
    registers: [registry],
  });
  const locked = new Gauge({
    name: 'replayground_notification_in_flight',
    help: 'Decisions under locks of this worker',
    registers: [registry],
  });

  const figures: WorkerFigures = { told: 0, released: 0, rejected: 0, late: 0, redelivered: 0, inFlight: 0 };
  const count = (what: 'told' | 'released' | 'rejected' | 'late', by: number): void => {
    figures[what] += by;
    outcomes.inc({ outcome: what }, by);
  };
  let lastStep = Date.now();
  const stop = new AbortController();
  const loop = runShareWorker({
    config,
    groupId,
    topics: [inventoryTopic],
    lockMs,
    work: tellCustomers({ producer, topic: notificationsTopic, faults: () => ({ ...inForce.settings, seed: settings.failSeed }) }),
    control: () => inForce.settings,
    signal: stop.signal,
    onDelivered: (_, again) => {
      figures.redelivered += again;
      redeliveries.inc(again);
    },
    onAcknowledged: ({ accept, release, reject, late }) => {
      count('told', accept);
      count('released', release);
      count('rejected', reject);
      count('late', late);
      if (late > 0) logger.warn({ records: late }, 'acknowledged too late: their locks were over, they are delivered again');
    },
    onStep: (inFlight) => {
      lastStep = Date.now();
      figures.inFlight = inFlight;
      locked.set(inFlight);
    },
    onTrouble: (error) => logger.warn(error.message),
  });
  loop.catch(() => {});

  const app = await buildHttpApp({
    title: name,
    description: 'Tells customers of decisions, at least once.',
    version,
    logger,
    access: serviceAccess(settings),
    telemetry: telemetry?.http,
    health: () => {
      const { healthy, facts } = stepHealth(lastStep, stepAllowanceMs + inForce.settings.throttleMs);
      return { healthy, body: { ...facts, instance, group: groupId, figures, ...inForce } };
    },
  });
  app.get('/metrics', { schema: { summary: 'Prometheus text' } }, async (_request, reply) => {
    const { contentType, body } = await exposition(registry);
    return reply.type(contentType).send(body);
  });
  const port = await listen(app, {
    host: settings.labHost,
    port: settings.notificationServicePort,
    variable: 'NOTIFICATION_SERVICE_PORT',
    home: settings.labHome,
  });

  return {
    port,
    failed: loop.then(() => new Promise<never>(() => {})),
    stop: async () => {
      stop.abort();
      await loop;
      await app.close();
      await Promise.all([follower[Symbol.asyncDispose](), producer.close()]);
    },
  };
}
