/** Reads what people write for a service: `inventory-service`, `inventory-service.2`, `inventory-service=3`. */
import { ReplaygroundError } from '../../kafka/errors.ts';
import { brokerName, isServiceName, type ServiceName, serviceNames, services } from './service-table.ts';

export type Target = { service: ServiceName | typeof brokerName /** `undefined`: all instances. */; instance: number | undefined };

const known = [brokerName, ...serviceNames].join(', ');

/**
 * @param text `kafka`, a service, or one instance of it
 * @throws ReplaygroundError `usage` when there is no such thing
 */
export function parseTarget(text: string): Target {
  const [, service = '', digits] = /^(.+?)(?:\.(\d{1,3}))?$/.exec(text) ?? [];
  if (service === brokerName && !digits) return { service, instance: undefined };
  if (!isServiceName(service)) throw new ReplaygroundError('usage', `there is no service ${JSON.stringify(text)}: use one of ${known}`);
  const instance = digits === undefined ? undefined : Number(digits);
  if (instance !== undefined && (instance < 1 || instance > services[service].mostInstances)) {
    throw new ReplaygroundError('usage', `${service} has the instances 1 to ${services[service].mostInstances}, not ${digits}`);
  }
  return { service, instance };
}

/**
 * @param text `inventory-service=3`
 * @throws ReplaygroundError `usage` when it is not a service that can be scaled, or the count is out of range
 */
export function parseScale(text: string): { service: ServiceName; count: number } {
  const [, service, digits] = /^([^=]+)=(\d{1,4})$/.exec(text) ?? [];
  if (service === undefined) {
    throw new ReplaygroundError('usage', `${JSON.stringify(text)} is not <service>=<count>: write inventory-service=3`);
  }
  return checkScale(service, Number(digits));
}

/** @throws ReplaygroundError `usage` when the service cannot run so often */
export function checkScale(service: string, count: number): { service: ServiceName; count: number } {
  if (!isServiceName(service)) throw new ReplaygroundError('usage', `there is no service ${JSON.stringify(service)} to scale`);
  const { mostInstances, portVariable } = services[service];
  if (mostInstances === 1 && count !== 1) {
    throw new ReplaygroundError('usage', `${service} runs once, since it owns the port of ${portVariable}: scale inventory-service`);
  }
  if (!Number.isInteger(count) || count < 0 || count > mostInstances) {
    throw new ReplaygroundError('usage', `${service}=${count} is not possible: use 0 to ${mostInstances} instances`);
  }
  return { service, count };
}
