/** Traces and metrics of a service by OpenTelemetry: on by the standard `OTEL_*` variables, else nothing of the SDK is even loaded. */
import type { Logger } from 'pino';
import { readOtelSettings } from './otel-settings.ts';
import type { Telemetry } from './telemetry.ts';

/**
 * @param service its name and instance, for the resource: `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES` come before
 * @param logger told of a collector that takes nothing, once a minute at the most
 * @returns undefined where nothing is switched on
 * @throws ReplaygroundError `bad-setting`
 */
export async function startTelemetry(service: { name: string; instance: string }, logger: Logger): Promise<Telemetry | undefined> {
  const settings = readOtelSettings();
  if (!settings) return undefined;
  const { startSdk } = await import('./start-sdk.ts');
  return startSdk(service, settings, logger);
}
