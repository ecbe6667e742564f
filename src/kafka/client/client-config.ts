/** Turns the settings into the configuration that every Kafka client of the project starts from. */

/** The settings that say where Kafka is and how to reach it. */
export type ConnectionSettings = {
  /** `host:port[,host:port]`; without it `kafkaPort` on this machine. */
  kafkaBrokers: string | undefined;
  kafkaPort: number;
  securityProtocol: 'plaintext' | 'ssl' | 'sasl_plaintext' | 'sasl_ssl';
  saslMechanism: string | undefined;
  saslUsername: string | undefined;
  saslPassword: string | undefined;
  /** Files in PEM. */
  sslCa: string | undefined;
  sslCert: string | undefined;
  sslKey: string | undefined;
};

/**
 * @param settings where Kafka is; without `kafkaBrokers`, the lab's own on this machine
 * @returns `host:port[,host:port]`
 */
export const bootstrapServers = (settings: Pick<ConnectionSettings, 'kafkaBrokers' | 'kafkaPort'>): string =>
  settings.kafkaBrokers ?? `127.0.0.1:${settings.kafkaPort}`;

/** What it takes to reach Kafka and to be let in, by librdkafka's names (its CONFIGURATION.md). */
export type ConnectionConfig = {
  'bootstrap.servers': string;
  'security.protocol': ConnectionSettings['securityProtocol'];
  'sasl.mechanisms'?: string;
  'sasl.username'?: string;
  'sasl.password'?: string;
  'ssl.ca.location'?: string;
  'ssl.certificate.location'?: string;
  'ssl.key.location'?: string;
};

/**
 * @param settings where Kafka is
 * @returns what any client on librdkafka needs; nothing that suits only ours
 */
export function connectionConfig(settings: ConnectionSettings): ConnectionConfig {
  const optional = {
    'sasl.mechanisms': settings.saslMechanism,
    'sasl.username': settings.saslUsername,
    'sasl.password': settings.saslPassword,
    'ssl.ca.location': settings.sslCa,
    'ssl.certificate.location': settings.sslCert,
    'ssl.key.location': settings.sslKey,
  };
  return {
    'bootstrap.servers': bootstrapServers(settings),
    'security.protocol': settings.securityProtocol,
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
  };
}

/**
 * @param settings where Kafka is
 * @param clientId shown by Kafka's tools as CLIENT-ID
 * @returns librdkafka's global configuration for a client of the project
 */
export function clientConfig(settings: ConnectionSettings, clientId: string): Record<string, string | number | boolean> {
  return {
    ...connectionConfig(settings),
    'client.id': clientId,
    'broker.address.family': 'any',
    'socket.keepalive.enable': true,
    // New partitions are read, and written to, after so long (the client's default: 5 minutes).
    'topic.metadata.refresh.interval.ms': 2000,
    'reconnect.backoff.ms': 50,
    'reconnect.backoff.max.ms': 1000,
    // A line on a client's own stderr helps nobody; clients with somewhere to say it tell more, see `client-words.ts`.
    log_level: 0,
  };
}
