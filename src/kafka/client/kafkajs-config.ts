/** How KafkaJS, and clients that take its configuration, reach the same Kafka as ours. */
import { readFileSync } from 'node:fs';
import { bootstrapServers, type ConnectionSettings } from './client-config.ts';

type Login<Mechanism> = { mechanism: Mechanism; username: string; password: string };

export type KafkaJsConfig = {
  brokers: string[];
  /** PEM texts, as Node's TLS takes them; `true` where the system's authorities do. */
  ssl?: true | { ca?: string; cert?: string; key?: string };
  sasl?: Login<'plain'> | Login<'scram-sha-256'> | Login<'scram-sha-512'>;
};

/**
 * @param settings where Kafka is
 * @returns the part of KafkaJS's configuration that says where Kafka is and how to get in
 * @throws what reading a PEM file throws
 */
export function kafkaJsConfig(settings: ConnectionSettings): KafkaJsConfig {
  const { securityProtocol, saslMechanism, saslUsername = '', saslPassword = '' } = settings;
  const mechanism = saslMechanism?.toLowerCase();
  return {
    brokers: bootstrapServers(settings)
      .split(',')
      .map((address) => address.trim()),
    ...(securityProtocol.endsWith('ssl') && { ssl: tlsOf(settings) }),
    ...(securityProtocol.startsWith('sasl') && {
      sasl: { mechanism, username: saslUsername, password: saslPassword } as NonNullable<KafkaJsConfig['sasl']>,
    }),
  };
}

function tlsOf({ sslCa, sslCert, sslKey }: ConnectionSettings): NonNullable<KafkaJsConfig['ssl']> {
  const files = Object.entries({ ca: sslCa, cert: sslCert, key: sslKey });
  const texts = files.flatMap(([name, file]) => (file === undefined ? [] : [[name, readFileSync(file, 'utf8')]]));
  return texts.length === 0 ? true : Object.fromEntries(texts);
}
