/** Starts a service that ends, or stands still, at a named call of the bridge. */
import { join } from 'node:path';
import { type Pipeline, type ServiceFolder, ServiceProcess } from '../../support/service-process.ts';

const preload = join(import.meta.dirname, 'crash-at.ts');
/** One millisecond for each record: a batch holds about 100, so that the third call comes in the middle of some hundred orders. */
const throttle = { CONSUMER_THROTTLE_MS: '1', ANALYTICS_THROTTLE_MS: '1' };

/** @param point see crash-at.ts */
export const startWithFault = (folder: ServiceFolder, pipeline: Pipeline, point: string): Promise<ServiceProcess> =>
  ServiceProcess.start(folder, {
    ...pipeline,
    env: { ...pipeline.env, ...throttle, NODE_OPTIONS: `--import=${preload}`, CRASH_AT: point },
  });
