/** The order pipeline as a lab runs it: the one table that names its services. */
import { join } from 'node:path';
import { deadLetterTopic, shareLetterTopic } from '../../kafka/admin/side-topics.ts';
import type { Instances } from '../../lab/supervisor/instance-name.ts';
import type { ProcessView } from '../../lab/wire/lab-state.ts';
import type { ServiceFacts, SystemFacts } from '../../lab/wire/system-facts.ts';
import type { TopicGroupNames } from '../../pipeline/settings/declarations.ts';
import { codeExtension } from '../../pipeline/settings/packaged.ts';
import { projectRoot } from '../../pipeline/settings/read-settings.ts';

/**
 * Less heap than V8 would take, since the buffers of records die young and V8 does not see how much memory hangs on them: a smaller
 * young generation than Node's, and an old one that is cleaned up when it has grown by half, not fourfold
 * (docs/performance.md says what each gives).
 */
const nodeFlags = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=8', '--heap-growing-percent=50'];

export const services = {
  'order-service': { folder: 'orders', portVariable: 'ORDER_SERVICE_PORT', port: 'orderServicePort', mostInstances: 1, bareFirst: true },
  'inventory-service': {
    folder: 'inventory',
    portVariable: 'INVENTORY_SERVICE_PORT',
    port: 'inventoryServicePort',
    mostInstances: 16,
    bareFirst: false,
  },
  'analytics-service': {
    folder: 'analytics',
    portVariable: 'ANALYTICS_SERVICE_PORT',
    port: 'analyticsServicePort',
    mostInstances: 16,
    bareFirst: true,
  },
  'notification-service': {
    folder: 'notifications',
    portVariable: 'NOTIFICATION_SERVICE_PORT',
    port: 'notificationServicePort',
    mostInstances: 16,
    bareFirst: false,
  },
} as const;

export type ServiceName = keyof typeof services;

/** What gives a lab names of its own, where two share a Kafka. */
export const ownNames = 'INVENTORY_GROUP_ID, ANALYTICS_GROUP_ID, and for its own orders ORDERS_TOPIC, INVENTORY_TOPIC';

export const serviceNames = Object.keys(services) as ServiceName[];

/** Those that run unless told otherwise, once each. */
export const startedServices: readonly ServiceName[] = ['order-service', 'inventory-service', 'analytics-service'];

/** @returns the order pipeline, by the names of topics and groups that the settings give */
export function orderPipeline(names: TopicGroupNames): SystemFacts {
  const { ordersTopic, inventoryTopic, inventoryGroupId, analyticsGroupId, notificationsTopic, notificationGroupId } = names;
  const letters = [...[ordersTopic, inventoryTopic].map(deadLetterTopic), shareLetterTopic(notificationsTopic)];
  const flows: Record<ServiceName, Pick<ServiceFacts, 'group' | 'shareGroup' | 'reads' | 'writes'>> = {
    'order-service': { group: null, reads: [], writes: [ordersTopic] },
    'inventory-service': { group: inventoryGroupId, reads: [ordersTopic], writes: [inventoryTopic] },
    'analytics-service': { group: analyticsGroupId, reads: [ordersTopic, inventoryTopic], writes: [] },
    'notification-service': { group: null, shareGroup: notificationGroupId, reads: [inventoryTopic], writes: [notificationsTopic] },
  };
  return {
    name: 'orders',
    folder: null,
    services: serviceNames.map((name) => ({ ...instancesOf(name), ...flows[name] })),
    topics: [ordersTopic, inventoryTopic, notificationsTopic, ...letters],
    deadLetterTopics: letters,
    figures: [],
  };
}

/** @returns whether it is the order pipeline, which has figures, settings and a replay beside what any system has */
export const isPipeline = ({ folder }: Pick<SystemFacts, 'folder'>): boolean => folder === null;

/** @returns how a service of the pipeline is called, and how often it can run */
export const instancesOf = (name: ServiceName): Instances => ({
  name,
  most: services[name].mostInstances,
  bareFirst: services[name].bareFirst,
});

/** @returns the port of an instance of analytics-service that answers: each of them does for the whole */
export const analyticsPort = (views: readonly Pick<ProcessView, 'service' | 'state' | 'port'>[], first: number): number =>
  views.find(({ service, state, port }) => service === 'analytics-service' && state === 'healthy' && port !== null)?.port ?? first;

/** A program and its arguments. */
export type CommandLine = { file: string; args: string[] };

/** @returns how to start the service itself: this Node, its main file */
export const serviceCommand = (service: ServiceName): CommandLine => ({
  file: process.execPath,
  args: [...nodeFlags, join(projectRoot, 'src', services[service].folder, `main${codeExtension}`)],
});
