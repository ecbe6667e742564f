/** One Prometheus registry per service, made by the service: nothing global, so tests can run many side by side. */
import { collectDefaultMetrics, Registry } from 'prom-client';

/**
 * @param service value of the `service` label on every metric
 * @returns a registry with the metrics of the process (CPU, memory, event loop); services add their own
 */
export function createRegistry(service: string): Registry {
  const register = new Registry();
  register.setDefaultLabels({ service });
  collectDefaultMetrics({ register });
  return register;
}

/** @returns the registry as Prometheus reads it (text exposition format 0.0.4) */
export async function exposition(registry: Registry): Promise<{ contentType: string; body: string }> {
  return { contentType: registry.contentType, body: await registry.metrics() };
}
