/** How a user of the library says where Kafka is. */
import { clientConfig } from '../client/client-config.ts';

/** librdkafka's configuration: `{ 'bootstrap.servers': 'localhost:9092' }`, and what TLS and SASL need (its CONFIGURATION.md). */
export type Connection = { 'bootstrap.servers': string } & Record<string, string | number | boolean>;

const none = {
  saslMechanism: undefined,
  saslUsername: undefined,
  saslPassword: undefined,
  sslCa: undefined,
  sslCert: undefined,
  sslKey: undefined,
};

/** @returns what every client of the project starts from, with the user's own on top */
export const libraryConfig = (kafka: Connection, clientId: string): Record<string, string | number | boolean> => ({
  ...clientConfig({ kafkaBrokers: kafka['bootstrap.servers'], kafkaPort: 0, securityProtocol: 'plaintext', ...none }, clientId),
  ...kafka,
});
