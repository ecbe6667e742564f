/** The ports of a lab, settled before anything is started: free ones where the settings say 0, refusals that name the variable. */
import { ReplaygroundError } from '../../kafka/errors.ts';
import { freePort, requireFreePort } from '../../lab/broker/ports.ts';
import { portProblem } from '../../lab/supervisor/lab-ports.ts';
import type { Settings } from '../../pipeline/settings/declarations.ts';

export type LabPorts = { orders: number; analytics: number /** `null`: Kafka is somebody else's. */; kafka: number | null };

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
