/** The configuration of a broker, its own cluster or one of three: nothing ever expires, quick to start and stop. */

import { heartbeatIntervalMs, sessionTimeoutMs } from '../../kafka/consumer/group-protocol.ts';

/** What differs from broker to broker. */
export type ServerConfig = {
  /** Kafka's node id; the one in the data folder once that is formatted. */
  nodeId: number;
  /** As seen from the folder that the broker works in. */
  dataDir: string;
  /** Port for clients, on 127.0.0.1. */
  port: number;
  /** Port of the broker's controller, on 127.0.0.1. */
  controllerPort: number;
  /** All controllers of its cluster, its own among them; alone by default. */
  voters?: readonly Voter[];
  /** Instead of what stands here, or beside it: listeners with TLS, an authorizer. */
  extra?: Record<string, string>;
};

export type Voter = Pick<ServerConfig, 'nodeId' | 'controllerPort'>;

/** With three replicas a write needs two: the cluster goes on without any one broker, and what it acknowledged is on another. */
const replication = (brokers: number) => (brokers < 3 ? { replicas: 1, inSync: 1 } : { replicas: 3, inSync: 2 });

/**
 * The quorum is static (`controller.quorum.voters`), because a static quorum keeps no address in the data folder: the ports may
 * differ from one start to the next.
 *
 * @param config ids, folder and ports
 * @returns the text of `server.properties`
 */
export function serverProperties(config: ServerConfig): string {
  const { voters = [config] } = config;
  const { replicas, inSync } = replication(voters.length);
  const properties = {
    'process.roles': 'broker,controller',
    'node.id': config.nodeId,
    'controller.quorum.voters': voters.map(({ nodeId, controllerPort }) => `${nodeId}@127.0.0.1:${controllerPort}`).join(','),
    'controller.listener.names': 'CONTROLLER',
    listeners: `PLAINTEXT://127.0.0.1:${config.port},CONTROLLER://127.0.0.1:${config.controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${config.port}`,
    'log.dirs': config.dataDir,

    // Few internal partitions open and close faster.
    'default.replication.factor': replicas,
    'min.insync.replicas': inSync,
    'offsets.topic.replication.factor': replicas,
    'offsets.topic.num.partitions': 8,
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': inSync,
    'transaction.state.log.num.partitions': 8,
    'share.coordinator.state.topic.replication.factor': replicas,
    'share.coordinator.state.topic.min.isr': inSync,
    'share.coordinator.state.topic.num.partitions': 8,

    // After a kill, the controller turns the new process away until the session of the dead one is over (Kafka: 9 s). Shorter still,
    // and an overloaded machine would lose its only broker now and then.
    'broker.session.timeout.ms': 6000,
    'broker.heartbeat.interval.ms': 500,

    // A typo in a topic's name is an error, and a first consumer need not wait for others.
    'auto.create.topics.enable': false,
    'group.initial.rebalance.delay.ms': 0,

    // A crash is noticed as soon in both protocols: in that of KIP-848 the times are not the member's to choose.
    'group.consumer.min.session.timeout.ms': sessionTimeoutMs,
    'group.consumer.session.timeout.ms': sessionTimeoutMs,
    'group.consumer.min.heartbeat.interval.ms': heartbeatIntervalMs,
    'group.consumer.heartbeat.interval.ms': heartbeatIntervalMs,

    // That a member of a share group is gone is noticed as soon (its records are free at once, with its connection). And it learns by its
    // heartbeats that it may begin.
    'group.share.min.session.timeout.ms': sessionTimeoutMs,
    'group.share.session.timeout.ms': sessionTimeoutMs,
    'group.share.min.heartbeat.interval.ms': heartbeatIntervalMs,
    'group.share.heartbeat.interval.ms': heartbeatIntervalMs,

    // A lab's data never vanishes by itself: replay must find all of it (100 years, in minutes, for the offsets).
    'log.retention.ms': -1,
    'log.retention.bytes': -1,
    'offsets.retention.minutes': 52_560_000,

    // The cleaner takes 128 MiB of heap by default, for topics that are tiny here.
    'log.cleaner.dedupe.buffer.size': 16 * 1024 * 1024,
    ...config.extra,
  };
  return `${Object.entries(properties)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? escapeValue(value) : value}`)
    .join('\n')}\n`;
}

/** `java.util.Properties` reads a backslash as an escape and ISO-8859-1 as the character set. */
export function escapeValue(value: string): string {
  return value.replaceAll('\\', '\\\\').replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
