/** The ports of a lab, settled before anything is started: free ones where the settings say 0, refusals that name the variable. */
import { createServer } from 'node:net';
import { ReplaygroundError } from '../../kafka/errors.ts';
import { portOwner } from '../../pipeline/service/port-owner.ts';
import type { Settings } from '../../pipeline/settings/declarations.ts';
import { freePort, requireFreePort } from '../broker/ports.ts';

export type LabPorts = { orders: number; analytics: number /** `null`: Kafka is somebody else's. */; kafka: number | null };

/** @returns the address by which this machine reaches what listens on `host` */
export const reachable = (host: string): string => {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
};

/**
 * @param settings the ports wanted
 * @param isPipeline whether the ports of the order pipeline are needed; otherwise they stay as the settings have them
 * @returns the real ones
 * @throws ReplaygroundError `port-taken`, naming the variable to change
 */
export async function settlePorts(
  settings: Pick<Settings, 'labHost' | 'orderServicePort' | 'analyticsServicePort' | 'kafkaPort' | 'kafkaBrokers'>,
  isPipeline: boolean,
): Promise<LabPorts> {
  const { labHost: host, orderServicePort, analyticsServicePort, kafkaPort, kafkaBrokers } = settings;
  if (isPipeline) {
    await requireFree(host, orderServicePort, 'ORDER_SERVICE_PORT');
    await requireFree(host, analyticsServicePort, 'ANALYTICS_SERVICE_PORT');
  }
  if (kafkaBrokers === undefined && kafkaPort !== 0) await requireFreePort(kafkaPort);
  return {
    orders: isPipeline ? orderServicePort || (await freePort()) : orderServicePort,
    analytics: isPipeline ? analyticsServicePort || (await freePort()) : analyticsServicePort,
    kafka: kafkaBrokers === undefined ? kafkaPort || (await freePort()) : null,
  };
}

async function requireFree(host: string, port: number, variable: string): Promise<void> {
  const problem = await portProblem(host, port);
  if (problem === undefined) return;
  throw new ReplaygroundError('port-taken', `port ${port} ${problem}: choose another with ${variable}=<port>, 0 for any free one`);
}

/** @returns why nothing can listen there, or `undefined` when the port is free */
export async function portProblem(host: string, port: number): Promise<string | undefined> {
  const server = createServer();
  const failure = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
    server.once('error', resolve);
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
  if (!failure) return undefined;
  return failure.code === 'EADDRINUSE' ? `is taken by ${await portOwner(host, port)}` : `cannot be used (${failure.code})`;
}
