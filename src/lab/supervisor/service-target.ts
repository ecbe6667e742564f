/** Reads what people write for a service: `invoicer`, `invoicer.2`, `invoicer=3`. */
import { ReplaygroundError } from '../../kafka/errors.ts';
import type { ServiceFacts } from '../wire/system-facts.ts';
import { brokerName } from './instance-name.ts';

/** `instance` is undefined where all are meant. */
export type Target = { service: string; instance: number | undefined };

/** The services that there are, of whichever system. */
export type Services = readonly Pick<ServiceFacts, 'name' | 'most' | 'bareFirst'>[];

/**
 * @param text `kafka`, a service, or one instance of it
 * @throws ReplaygroundError `usage` when there is no such thing
 */
export function parseTarget(text: string, services: Services): Target {
  const [, service = '', digits] = /^(.+?)(?:\.(\d{1,3}))?$/.exec(text) ?? [];
  if (service === brokerName && !digits) return { service, instance: undefined };
  const found = services.find(({ name }) => name === service);
  if (!found) {
    const known = [brokerName, ...services.map(({ name }) => name)].join(', ');
    throw new ReplaygroundError('usage', `there is no service ${JSON.stringify(text)}: use one of ${known}`);
  }
  const instance = digits === undefined ? undefined : Number(digits);
  if (instance !== undefined && (instance < 1 || instance > found.most)) {
    throw new ReplaygroundError('usage', `${service} has the instances 1 to ${found.most}, not ${digits}`);
  }
  return { service, instance };
}

/**
 * @param text `invoicer=3`
 * @throws ReplaygroundError `usage` when it is not a service that can be scaled, or the count is out of range
 */
export function parseScale(text: string, services: Services): { service: string; count: number } {
  const [, service, digits] = /^([^=]+)=(\d{1,4})$/.exec(text) ?? [];
  if (service === undefined) {
    throw new ReplaygroundError('usage', `${JSON.stringify(text)} is not <service>=<count>: write ${scalable(services, '=3')}`);
  }
  return checkScale(service, Number(digits), services);
}

/** @throws ReplaygroundError `usage` when the service cannot run so often */
export function checkScale(service: string, count: number, services: Services): { service: string; count: number } {
  const found = services.find(({ name }) => name === service);
  if (!found) throw new ReplaygroundError('usage', `there is no service ${JSON.stringify(service)} to scale: use ${scalable(services)}`);
  const { most } = found;
  if (most === 1 && count !== 1) throw new ReplaygroundError('usage', `${service} runs once: scale ${scalable(services)}`);
  if (!Number.isInteger(count) || count < 0 || count > most) {
    throw new ReplaygroundError('usage', `${service}=${count} is not possible: use 0 to ${most} instances`);
  }
  return { service, count };
}

/** The services that can run more than once, each with a count where one is given, or what stands for one where there is none. */
const scalable = (services: Services, count = ''): string =>
  services
    .filter(({ most }) => most > 1)
    .map(({ name }) => name + count)
    .join(' or ') || `<service>${count}`;
