/** Turns the settings into the configuration that every Kafka client of the project starts from. */
import type { Settings } from '../settings/declarations.ts';

/** The settings that say where Kafka is and how to reach it. */
export type ConnectionSettings = Pick<
  Settings,
  'kafkaBrokers' | 'kafkaPort' | 'securityProtocol' | 'saslMechanism' | 'saslUsername' | 'saslPassword' | 'sslCa' | 'sslCert' | 'sslKey'
>;

/**
 * @param settings where Kafka is; without `kafkaBrokers`, the lab's own on this machine
 * @returns `host:port[,host:port]`
 */
export const bootstrapServers = (settings: Pick<Settings, 'kafkaBrokers' | 'kafkaPort'>): string =>
  settings.kafkaBrokers ?? `127.0.0.1:${settings.kafkaPort}`;

/**
 * @param settings where Kafka is
 * @param clientId shown by Kafka's tools as CLIENT-ID
 * @returns librdkafka's global configuration (names: librdkafka CONFIGURATION.md)
 */
export function clientConfig(settings: ConnectionSettings, clientId: string): Record<string, string | number | boolean> {
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
    'client.id': clientId,
    'security.protocol': settings.securityProtocol,
    'broker.address.family': 'any',
    'socket.keepalive.enable': true,
    'reconnect.backoff.ms': 50,
    'reconnect.backoff.max.ms': 1000,
    // A line on a client's own stderr helps nobody: what matters arrives as an event or as the error of a call.
    log_level: 0,
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
  } as Record<string, string | number | boolean>;
}
