/** TLS and SASL settings for Kafka's Java tools: in a file that only this user can read, since a command line is there for all to see. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Settings } from '../../pipeline/settings/declarations.ts';
import { escapeValue } from './server-properties.ts';

export type SecuritySettings = Pick<
  Settings,
  'securityProtocol' | 'saslMechanism' | 'saslUsername' | 'saslPassword' | 'sslCa' | 'sslCert' | 'sslKey'
>;

const loginModules = { PLAIN: 'plain.PlainLoginModule', SCRAM: 'scram.ScramLoginModule' } as const;

/**
 * @param settings how to talk to Kafka
 * @returns Java's client properties for the same; the PEM files are read into them, as the tools want certificate and key together
 * @throws what reading a PEM file throws
 */
export function toolProperties(settings: SecuritySettings): string {
  const { securityProtocol, saslMechanism, saslUsername, saslPassword, sslCa, sslCert, sslKey } = settings;
  const properties: Record<string, string> = { 'security.protocol': securityProtocol.toUpperCase() };
  if (saslMechanism !== undefined) {
    const module = saslMechanism === 'PLAIN' ? loginModules.PLAIN : loginModules.SCRAM;
    properties['sasl.mechanism'] = saslMechanism;
    properties['sasl.jaas.config'] =
      `org.apache.kafka.common.security.${module} required username="${jaas(saslUsername)}" password="${jaas(saslPassword)}";`;
  }
  if (sslCa !== undefined) Object.assign(properties, { 'ssl.truststore.type': 'PEM', 'ssl.truststore.location': sslCa });
  if (sslCert !== undefined && sslKey !== undefined) {
    properties['ssl.keystore.type'] = 'PEM';
    properties['ssl.keystore.certificate.chain'] = readFileSync(sslCert, 'utf8');
    properties['ssl.keystore.key'] = readFileSync(sslKey, 'utf8');
  }
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${escapeValue(value)}\n`)
    .join('');
}

/** A quoted value of a JAAS configuration. */
const jaas = (value = ''): string => value.replaceAll('\\', '\\\\').replaceAll('"', '\\"');

/** @returns the path of a file with the properties, mode 600; disposing of it deletes it */
export function writeToolConfig(settings: SecuritySettings): Disposable & { path: string } {
  const folder = mkdtempSync(join(tmpdir(), 'replayground-tool-'));
  const path = join(folder, 'client.properties');
  writeFileSync(path, toolProperties(settings), { mode: 0o600 });
  return { path, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}
