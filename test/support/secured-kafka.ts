/** A Kafka that asks who is there, one broker or three: TLS with a certificate made now, SASL/SCRAM users made when it is formatted, and ACLs that deny
 * by default. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { randomClusterId } from '../../src/lab/broker/format.ts';
import { freePort } from '../../src/lab/broker/ports.ts';
import { startBroker } from '../../src/lab/broker/start.ts';

export type Login = { user: string; password: string };

export type SecuredKafka = AsyncDisposable & {
  folder: string;
  /** The certificate by which clients know it, a PEM file. */
  ca: string;
  /** May do everything. */
  admin: Login;
  /** Variables by which somebody reaches it. */
  envOf: (login: Login) => Record<string, string>;
};

const mechanism = 'SCRAM-SHA-512';
const scramModule = 'org.apache.kafka.common.security.scram.ScramLoginModule';

/**
 * @param users who can log in beside the administrator; none of them may do anything
 * @param size brokers; with three, each record is on all of them
 */
export async function startSecuredKafka(users: readonly Login[], size: 1 | 3 = 1): Promise<SecuredKafka> {
  const folder = mkdtempSync(join(tmpdir(), 'replayground-secured-'));
  const admin = { user: 'admin', password: 'admin-password' };
  const storePassword = 'store-password';
  const store = join(folder, 'broker.p12');
  const ca = join(folder, 'ca.pem');
  const inStore = ['-keystore', store, '-storepass', storePassword, '-alias', 'broker'];
  const names = ['-dname', 'CN=localhost', '-ext', 'SAN=DNS:localhost,IP:127.0.0.1'];
  await execa('keytool', [
    '-genkeypair',
    ...inStore,
    '-storetype',
    'PKCS12',
    '-keyalg',
    'EC',
    '-groupname',
    'secp256r1',
    '-validity',
    '2',
    ...names,
  ]);
  await execa('keytool', ['-exportcert', '-rfc', ...inStore, '-file', ca]);

  const ports: number[] = [];
  for (let port = 0; port < 2 * size; port += 1) ports.push(await freePort(ports));
  const nodes = Array.from({ length: size }, (_, index) => ({
    nodeId: index + 1,
    port: ports[2 * index] as number,
    controllerPort: ports[2 * index + 1] as number,
  }));
  const clusterId = randomClusterId();
  const start = ({ nodeId, port, controllerPort }: (typeof nodes)[number]) =>
    startBroker({
      home: join(folder, `kafka-${nodeId}`),
      port,
      controllerPort,
      ...(size > 1 && { cluster: { nodeId, clusterId, voters: nodes } }),
      extra: {
        listeners: `SASL_SSL://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
        'advertised.listeners': `SASL_SSL://localhost:${port}`,
        'listener.security.protocol.map': 'SASL_SSL:SASL_SSL,CONTROLLER:PLAINTEXT',
        'inter.broker.listener.name': 'SASL_SSL',
        'sasl.enabled.mechanisms': mechanism,
        'sasl.mechanism.inter.broker.protocol': mechanism,
        [`listener.name.sasl_ssl.${mechanism.toLowerCase()}.sasl.jaas.config`]: `${scramModule} required username="${admin.user}" password="${admin.password}";`,
        'ssl.keystore.type': 'PKCS12',
        'ssl.keystore.location': store,
        'ssl.keystore.password': storePassword,
        'ssl.truststore.type': 'PEM',
        'ssl.truststore.location': ca,
        'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
        'allow.everyone.if.no.acl.found': 'false',
        // The controller's listener is on loopback and knows no names; clients cannot use it.
        'super.users': `User:${admin.user};User:ANONYMOUS`,
      },
      formatArgs: [admin, ...users].flatMap(({ user, password }) => ['--add-scram', `${mechanism}=[name=${user},password=${password}]`]),
    });
  const brokers = await Promise.all(nodes.map(start));
  return {
    folder,
    ca,
    admin,
    envOf: ({ user, password }) => ({
      KAFKA_BROKERS: nodes.map(({ port }) => `localhost:${port}`).join(','),
      KAFKA_SECURITY_PROTOCOL: 'sasl_ssl',
      KAFKA_SASL_MECHANISM: mechanism,
      KAFKA_SASL_USERNAME: user,
      KAFKA_SASL_PASSWORD: password,
      KAFKA_SSL_CA: ca,
    }),
    [Symbol.asyncDispose]: async () => {
      await Promise.all(brokers.map((broker) => broker.stop()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
