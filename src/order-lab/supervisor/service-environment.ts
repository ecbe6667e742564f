/** The environment of a service process: the lab's own with the addresses that the lab settled. */
import type { Settings } from '../../pipeline/settings/declarations.ts';
import type { LabPorts } from './settle-ports.ts';

/** Other names of KAFKA_BROKERS: an old one beside the settled one would stop the service. */
const otherNames = ['KAFKA_BOOTSTRAP_SERVERS', 'BOOTSTRAP_SERVERS'];

/**
 * @param env the environment of the lab
 * @param settings what it says, with the lab's Kafka as `kafkaBrokers`
 * @param ports real ports
 * @returns the environment of one instance
 */
export function serviceEnvironment(
  env: NodeJS.ProcessEnv,
  settings: Pick<Settings, 'kafkaBrokers' | 'labHome' | 'metricsDir' | 'inventoryServicePort' | 'notificationServicePort'>,
  ports: Pick<LabPorts, 'orders' | 'analytics'>,
): (instance: number) => NodeJS.ProcessEnv {
  const inherited = Object.fromEntries(Object.entries(env).filter(([name]) => !otherNames.includes(name)));
  const following = (port: number, instance: number): string => String(port === 0 ? 0 : port + instance - 1);
  return (instance) => ({
    // A step of a transaction can hold a thread of the pool; four are too few for what may wait at once.
    UV_THREADPOOL_SIZE: '8',
    ...inherited,
    KAFKA_BROKERS: settings.kafkaBrokers,
    LAB_HOME: settings.labHome,
    METRICS_DIR: settings.metricsDir,
    ORDER_SERVICE_PORT: String(ports.orders),
    // Instances cannot share one port. The first of analytics-service keeps its own, as whoever asks for metrics knows it; the others take
    // any free one. Those of the other services take those that follow.
    ANALYTICS_SERVICE_PORT: String(instance === 1 ? ports.analytics : 0),
    INVENTORY_SERVICE_PORT: following(settings.inventoryServicePort, instance),
    NOTIFICATION_SERVICE_PORT: following(settings.notificationServicePort, instance),
    LAB_INSTANCE: String(instance),
  });
}
