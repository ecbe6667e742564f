/** The one place that declares every environment variable: name, other names, type, default and help text. */
import Type, { type Static, type TSchema } from 'typebox';
import { groupProtocols } from '../../kafka/consumer/group-protocol.ts';

/** What `declare` adds to the type: where the value comes from and whether it may be shown. */
export type Declaration<S extends TSchema = TSchema> = {
  variable: string;
  /** Other names for the same thing: setting both to different values stops the start. */
  aliases: readonly string[];
  /** A broader name that counts only where the variable itself is not set. */
  fallback: string | undefined;
  secret: boolean;
  help: string;
  schema: S;
};

type Extra = { aliases?: readonly string[]; fallback?: string; secret?: boolean };

const declare = <S extends TSchema>(variable: string, schema: S, help: string, extra: Extra = {}): Declaration<S> => ({
  variable,
  aliases: extra.aliases ?? [],
  fallback: extra.fallback,
  secret: extra.secret ?? false,
  help,
  schema,
});

const text = (fallback: string) => Type.String({ minLength: 1, default: fallback });
const optionalText = () => Type.Union([Type.String({ minLength: 1 }), Type.Undefined()]);
const rate = (fallback: number) => Type.Number({ minimum: 0, maximum: 1, default: fallback });
const port = (fallback: number) => Type.Integer({ minimum: 0, maximum: 65535, default: fallback });
const count = (fallback: number, minimum: number, maximum: number) => Type.Integer({ minimum, maximum, default: fallback });
const oneOf = <T extends string>(values: readonly T[], fallback: T) => Type.Enum([...values], { default: fallback });

export const declarations = {
  kafkaBrokers: declare('KAFKA_BROKERS', optionalText(), 'Kafka to use, host:port[,host:port]; unset: the lab starts its own', {
    aliases: ['KAFKA_BOOTSTRAP_SERVERS', 'BOOTSTRAP_SERVERS'],
  }),
  securityProtocol: declare(
    'KAFKA_SECURITY_PROTOCOL',
    oneOf(['plaintext', 'ssl', 'sasl_plaintext', 'sasl_ssl'], 'plaintext'),
    'how to talk to that Kafka',
  ),
  saslMechanism: declare(
    'KAFKA_SASL_MECHANISM',
    Type.Union([Type.Enum(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512']), Type.Undefined()]),
    'SASL mechanism',
  ),
  saslUsername: declare('KAFKA_SASL_USERNAME', optionalText(), 'SASL user'),
  saslPassword: declare('KAFKA_SASL_PASSWORD', optionalText(), 'SASL password', { secret: true }),
  sslCa: declare('KAFKA_SSL_CA', optionalText(), 'PEM file of the authority that signed the brokers'),
  sslCert: declare('KAFKA_SSL_CERT', optionalText(), 'PEM file of this client'),
  sslKey: declare('KAFKA_SSL_KEY', optionalText(), "PEM file of this client's key"),

  ordersTopic: declare('ORDERS_TOPIC', text('order-events'), 'topic of the orders'),
  inventoryTopic: declare('INVENTORY_TOPIC', text('inventory-events'), "topic of inventory's decisions"),
  inventoryGroupId: declare('INVENTORY_GROUP_ID', text('inventory-service-group'), 'consumer group of inventory-service'),
  analyticsGroupId: declare('ANALYTICS_GROUP_ID', text('analytics-group'), 'consumer group of analytics-service'),
  notificationsTopic: declare('NOTIFICATIONS_TOPIC', text('notifications'), 'topic of what customers were told'),
  notificationGroupId: declare('NOTIFICATION_GROUP_ID', text('notification-workers'), 'share group of notification-service'),
  groupProtocol: declare(
    'GROUP_PROTOCOL',
    oneOf(groupProtocols, 'classic'),
    'how the members of a consumer group share partitions: classic, or consumer (KIP-848, Kafka 4.0 and newer)',
  ),

  orderServicePort: declare('ORDER_SERVICE_PORT', port(8000), 'port of order-service, 0 for any free one'),
  analyticsServicePort: declare('ANALYTICS_SERVICE_PORT', port(8002), 'port of analytics-service, 0 for any free one'),
  inventoryServicePort: declare('INVENTORY_SERVICE_PORT', port(0), 'port of inventory-service, 0 for any free one'),
  notificationServicePort: declare('NOTIFICATION_SERVICE_PORT', port(0), 'port of notification-service, 0 for any free one'),

  inventoryFailRate: declare('INVENTORY_FAIL_RATE', rate(0.05), 'share of reservations that fail', { aliases: ['FAIL_RATE'] }),
  failSeed: declare('FAIL_SEED', text('replayground'), 'seed of the injected failures: same seed, same failures'),
  orderFailRate: declare('ORDER_FAIL_RATE', rate(0), 'share of generated orders that arrive as failed'),
  consumerThrottleMs: declare('CONSUMER_THROTTLE_MS', count(0, 0, 60_000), 'milliseconds inventory-service waits per order', {
    fallback: 'THROTTLE_MS',
  }),
  analyticsThrottleMs: declare('ANALYTICS_THROTTLE_MS', count(0, 0, 60_000), 'milliseconds analytics-service waits per record', {
    fallback: 'THROTTLE_MS',
  }),
  notificationThrottleMs: declare('NOTIFICATION_THROTTLE_MS', count(0, 0, 60_000), 'milliseconds notification-service waits per decision'),
  notificationFailRate: declare('NOTIFICATION_FAIL_RATE', rate(0), 'share of notifications that fail and are delivered again'),
  notificationRejectRate: declare('NOTIFICATION_REJECT_RATE', rate(0), 'share of notifications that fail for good'),

  mode: declare('MODE', oneOf(['serve', 'burst'], 'serve'), 'order-service: serve HTTP, or send one burst and end'),
  totalEvents: declare('TOTAL_EVENTS', count(10_000, 1, 10_000_000), 'orders of a burst'),
  printEvery: declare('PRINT_EVERY', count(1000, 1, 10_000_000), 'a progress line every so many orders'),
  reportIntervalSec: declare('REPORT_INTERVAL_SEC', count(5, 1, 86_400), 'seconds between two metrics reports'),
  metricsDir: declare(
    'METRICS_DIR',
    optionalText(),
    'folder of metrics and report files; unset: results/ in LAB_HOME, in the project where that is unset too',
  ),

  labHome: declare('LAB_HOME', optionalText(), 'folder of one lab: logs, broker data, stores; unset: .lab in the project'),
  labPort: declare('LAB_PORT', port(8080), 'port of the dashboard and the control API'),
  labHost: declare('LAB_HOST', text('127.0.0.1'), 'address that every HTTP port listens on; other than loopback needs LAB_TOKEN'),
  labOrigin: declare(
    'LAB_ORIGIN',
    Type.Union([Type.String({ pattern: '^https?://[A-Za-z0-9.-]+(:\\d+)?$' }), Type.Undefined()]),
    'where a proxy in front of the lab serves the page, https://lab.example.org: changes from there are let in',
  ),
  labTrustedNetwork: declare(
    'LAB_TRUSTED_NETWORK',
    oneOf(['no', 'yes'], 'no'),
    'yes: whoever reaches the ports may change things, as in a container whose ports are published on loopback only',
  ),
  labToken: declare('LAB_TOKEN', optionalText(), 'token that changing calls from elsewhere must carry', { secret: true }),
  labCache: declare('LAB_CACHE', optionalText(), "folder for Kafka's jars, shared between checkouts"),
  kafkaJvmFlags: declare(
    'KAFKA_JVM_PERFORMANCE_OPTS',
    optionalText(),
    "more flags of the JVM of the lab's own Kafka, by Kafka's own name for them",
  ),
  kafkaPort: declare('KAFKA_PORT', port(9092), "port of the lab's own Kafka"),
  instance: declare(
    'LAB_INSTANCE',
    Type.String({ pattern: '^[A-Za-z0-9._-]+$', default: '1' }),
    'name of this instance of a service; unset: 1, and for inventory-service and notification-service the first that is free in LAB_HOME',
  ),
  logLevel: declare('LOG_LEVEL', oneOf(['trace', 'debug', 'info', 'warn', 'error'], 'info'), 'least level that is logged'),
} as const;

type Declarations = typeof declarations;

/** A setting by its name in the code: `kafkaBrokers`. */
export type SettingName = keyof Declarations;

type Values = { [K in keyof Declarations]: Declarations[K] extends Declaration<infer S> ? Static<S> : never };

/** How the topics and groups are called. */
export type TopicGroupNames = Pick<
  Values,
  'ordersTopic' | 'inventoryTopic' | 'inventoryGroupId' | 'analyticsGroupId' | 'notificationsTopic' | 'notificationGroupId'
>;

/** Every setting, checked and typed. Folders are absolute. */
export type Settings = Omit<Values, 'labHome' | 'metricsDir'> & { labHome: string; metricsDir: string };
