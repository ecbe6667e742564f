/** The services that a lab runs: the one table that names them. */
import { join } from 'node:path';
import { projectRoot } from '../../pipeline/settings/read-settings.ts';

/**
 * Less heap than V8 would take, since the buffers of records die young and V8 does not see how much memory hangs on them: a smaller
 * young generation than Node's, and an old one that is cleaned up when it has grown by half, not fourfold
 * (docs/performance.md says what each gives).
 */
const nodeFlags = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=8', '--heap-growing-percent=50'];

export const services = {
  'order-service': { folder: 'orders', portVariable: 'ORDER_SERVICE_PORT', port: 'orderServicePort', mostInstances: 1 },
  'inventory-service': { folder: 'inventory', portVariable: 'INVENTORY_SERVICE_PORT', port: 'inventoryServicePort', mostInstances: 16 },
  'analytics-service': { folder: 'analytics', portVariable: 'ANALYTICS_SERVICE_PORT', port: 'analyticsServicePort', mostInstances: 1 },
} as const;

export type ServiceName = keyof typeof services;

export const serviceNames = Object.keys(services) as ServiceName[];

/** Name of the broker among the processes of a lab. */
export const brokerName = 'kafka';

/** @returns whether `text` is the name of a service */
export const isServiceName = (text: string): text is ServiceName => Object.hasOwn(services, text);

/** @returns `inventory-service.2`; the bare name for a service that runs once */
export const instanceName = (service: ServiceName, instance: number): string =>
  services[service].mostInstances === 1 ? service : `${service}.${instance}`;

/** A program and its arguments. */
export type CommandLine = { file: string; args: string[] };

/** @returns how to start the service itself: this Node, its main file */
export const serviceCommand = (service: ServiceName): CommandLine => ({
  file: process.execPath,
  args: [...nodeFlags, join(projectRoot, 'src', services[service].folder, 'main.ts')],
});
