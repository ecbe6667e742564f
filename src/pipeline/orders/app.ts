/** Puts order-service together: the way into Kafka, the HTTP API, health and metrics. Tests start the same. */

import { explained } from '../../kafka/access/explain-silence.ts';
import { ensureTopics } from '../../kafka/admin/admin.ts';
import { clientConfig } from '../../kafka/client/client-config.ts';
import { connectAdmin } from '../../kafka/client/connect.ts';
import { readClusterId } from '../../kafka/telemetry/cluster-id.ts';
import { asyncApi } from '../contract/asyncapi.ts';
import { topicSpecs } from '../events/topics.ts';
import { serviceAccess } from '../service/guard-access.ts';
import { buildHttpApp, type HealthReport, listen } from '../service/http-app.ts';
import { createRegistry } from '../service/prometheus.ts';
import type { RunningService, ServiceContext } from '../service/run-service.ts';
import type { Settings } from '../settings/declarations.ts';
import { version } from '../settings/version.ts';
import { publishBurst } from './burst.ts';
import { burstSummary } from './burst-lines.ts';
import { loadTester } from './load-test.ts';
import { orderMetrics } from './order-metrics.ts';
import { OrderPublisher } from './order-publisher.ts';
import { addOrderRoutes } from './order-routes.ts';
import { placeOrder } from './place-order.ts';
import { orderProducerConfig } from './producer-config.ts';

/** Short, so that a caller gets its answer in bounded time (ms). */
const deliveryTimeoutMs = 5000;
/** Somebody waits for each of these orders; those that come at the same time still share a batch (ms). */
const lingerMs = 1;

/** Starts order-service; it serves at once and is healthy as soon as Kafka is there. */
export async function startOrderService({ name, settings, logger, telemetry }: ServiceContext): Promise<RunningService> {
  const topic = settings.ordersTopic;
  const stopping = new AbortController();
  let clusterId: string | undefined;
  const messaging = telemetry?.messaging(`${name}-${settings.instance}`, () => clusterId);
  const publisher = new OrderPublisher({
    config: orderProducerConfig(settings, `${name}-${settings.instance}`, deliveryTimeoutMs, lingerMs),
    topic,
    deliveryTimeoutMs,
    logger,
    prepare: async () => {
      try {
        await makeTopics(settings, name);
        if (telemetry) clusterId = await readClusterId(clientConfig(settings, `${name}-cluster`));
      } catch (error) {
        throw await explained(() => clientConfig(settings, name), error);
      }
    },
  });
  const registry = createRegistry(name);
  const metrics = orderMetrics([registry], { inFlight: () => publisher.inFlight, kafkaUp: () => publisher.state === 'up' });
  const app = await buildHttpApp({
    title: 'order-service',
    description: 'Takes orders and writes them to Kafka.',
    version,
    logger,
    health: () => healthOf(publisher, topic),
    access: serviceAccess(settings),
    telemetry: telemetry?.http,
    contract: asyncApi(settings, version),
  });
  addOrderRoutes(app, {
    registry,
    stopping: stopping.signal,
    place: async (request, traceparent) => {
      const done = metrics.publishSeconds.startTimer();
      try {
        const placed = await placeOrder(request, publisher, {
          ...{ now: new Date(), traceparent },
          send: messaging && ((orderId) => messaging.send(topic, { parent: traceparent, key: orderId })),
        });
        logger.debug({ orderId: placed.orderId, partition: placed.partition, offset: placed.offset }, 'Published order');
        metrics.published.inc({ via: 'produce' });
        done();
        return placed;
      } catch (error) {
        metrics.refused.inc();
        throw error;
      }
    },
    loadTest: loadTester({
      burst: async (options) => {
        const result = await publishBurst({ ...options, settings, topic, telemetry: messaging });
        logger.info({ run_id: options.runId, by: 'POST /load-test' }, burstSummary(result));
        return result;
      },
      defaultFailRate: settings.orderFailRate,
      onAcknowledged: (count) => metrics.published.inc({ via: 'load-test' }, count),
    }),
  });
  const port = await listen(app, {
    host: settings.labHost,
    port: settings.orderServicePort,
    variable: 'ORDER_SERVICE_PORT',
    home: settings.labHome,
  });
  return {
    port,
    failed: publisher.failed,
    stop: async () => {
      stopping.abort();
      await app.close();
      await publisher.stop();
    },
  };
}

/** Makes the topics that are missing: whoever starts a service on its own has no lab that did. */
export async function makeTopics(settings: Settings, clientId: string): Promise<void> {
  using admin = connectAdmin(clientConfig(settings, `${clientId}-admin`));
  await ensureTopics(admin.client, topicSpecs(settings));
}

function healthOf({ state, why, inFlight, checkedAt }: OrderPublisher, topic: string): HealthReport {
  const healthy = state === 'up';
  return {
    healthy,
    body: {
      status: healthy ? 'ok' : why,
      kafka: state === 'topic-missing' ? 'up' : state,
      topic,
      orders_in_flight: inFlight,
      checked_ms_ago: Date.now() - checkedAt,
    },
  };
}
