/** Reads `throttle=10ms fail-rate=0.3 paused=true delivery=at-least-once`: units and ranges, with an error that says what is allowed. */
import ms from 'ms';
import { crashPattern, crashPoints, type Delivery, deliveries } from '../../kafka/exactly-once/delivery.ts';
import { usageError } from '../../lab/terminal/exit-codes.ts';
import type { RuntimeOverrides } from '../../pipeline/settings/runtime-settings.ts';

const longestThrottleMs = 60_000;

/** Services that follow runtime settings, and which of them mean something there. */
export const settable: Record<string, readonly string[]> = {
  'inventory-service': ['throttle', 'fail-rate', 'paused', 'delivery', 'crash'],
  'analytics-service': ['throttle', 'paused'],
  'notification-service': ['throttle', 'fail-rate', 'reject-rate', 'paused'],
};

/** @throws ReplaygroundError `usage` for a service that has no runtime settings */
export function checkSettable(service: string): void {
  if (Object.hasOwn(settable, service)) return;
  throw usageError(`${JSON.stringify(service)} has no settings to change while it runs: use one of ${Object.keys(settable).join(', ')}`);
}

/**
 * @param service whose settings
 * @param pairs `name=value`, each name once
 * @throws ReplaygroundError `usage`: which pair is wrong and what is allowed
 */
export function parseOverrides(service: string, pairs: readonly string[]): RuntimeOverrides {
  checkSettable(service);
  const overrides: RuntimeOverrides = {};
  const seen = new Set<string>();
  for (const pair of pairs) {
    const [, name = '', value = ''] = /^([^=]+)=(.*)$/s.exec(pair) ?? [];
    const allowed = settable[service] ?? [];
    if (!allowed.includes(name))
      throw usageError(`${JSON.stringify(pair)} is no setting of ${service}: use ${allowed.map(form).join(', ')}`);
    if (seen.has(name)) throw usageError(`${name} is given twice`);
    seen.add(name);
    if (name === 'throttle') overrides.throttleMs = parseThrottle(value);
    else if (name === 'fail-rate') overrides.failRate = parseRate(name, value);
    else if (name === 'reject-rate') overrides.rejectRate = parseRate(name, value);
    else if (name === 'delivery') overrides.delivery = parseDelivery(value);
    else if (name === 'crash') overrides.crash = parseCrashPoint(value);
    else overrides.paused = parseSwitch(value);
  }
  return overrides;
}

const forms: Readonly<Record<string, string>> = {
  throttle: 'throttle=10ms',
  'fail-rate': 'fail-rate=0.3',
  'reject-rate': 'reject-rate=0.01',
  paused: 'paused=true',
  delivery: 'delivery=at-least-once',
  crash: 'crash=after-produce',
};
const form = (name: string): string => forms[name] ?? name;

function parseThrottle(text: string): number {
  const value = /^\d+(\.\d+)?\s*(ms|s|m)?$/.test(text) ? ms(text as ms.StringValue) : Number.NaN;
  if (Number.isInteger(value) && value >= 0 && value <= longestThrottleMs) return value;
  throw usageError(`throttle=${text} is not allowed: whole milliseconds from 0 to ${longestThrottleMs}, such as 10ms, 2s, 0`);
}

function parseRate(name: string, text: string): number {
  const percent = /^(\d+(?:\.\d+)?)%$/.exec(text)?.[1];
  const value = percent === undefined ? (/^(\d+(\.\d*)?|\.\d+)$/.test(text) ? Number(text) : Number.NaN) : Number(percent) / 100;
  if (value >= 0 && value <= 1) return value;
  throw usageError(`${name}=${text} is not allowed: a share from 0 to 1, such as 0.3 or 30%`);
}

function parseSwitch(text: string): boolean {
  if (['true', 'yes', 'on', '1'].includes(text)) return true;
  if (['false', 'no', 'off', '0'].includes(text)) return false;
  throw usageError(`paused=${text} is not allowed: true or false`);
}

function parseDelivery(text: string): Delivery {
  const delivery = deliveries.find((one) => one === text);
  if (delivery) return delivery;
  throw usageError(`delivery=${text} is not allowed: one of ${deliveries.join(', ')}`);
}

function parseCrashPoint(text: string): string {
  if (new RegExp(crashPattern).test(text)) return text;
  const points = crashPoints.join(', ');
  throw usageError(`crash=${text} is not allowed: ${points} (once), or with :N from 2 at every Nth batch (after-produce:50), or none`);
}
