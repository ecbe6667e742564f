/** How our services are started under measurement: by the lab's own table, with the settings of the run and no others. */
import { type ServiceName, serviceCommand } from '../src/order-lab/supervisor/service-table.ts';
import type { Command } from './contender.ts';

export type ServiceSettings = Record<string, string | number>;

/**
 * @param service which
 * @param settings environment variables
 * @returns the command; the lab adds the size of the thread pool too
 */
export function ourCommand(service: ServiceName, settings: ServiceSettings): Command {
  const { file, args } = serviceCommand(service);
  const env = Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, String(value)]));
  return { command: file, args, env: { UV_THREADPOOL_SIZE: '8', ...env } };
}

/** Environment variables of a run of inventory-service or analytics-service. */
export type OurRun = { brokers: string; ordersTopic: string; inventoryTopic: string; group: string; home: string };

/** What all decisions of the benchmark depend on. */
export const faults = { failRate: 0.05, seed: 'replayground' };

/** @param instance from 1; each has a transactional id and a store of its own */
export const inventoryCommand = (run: OurRun, instance = 1, more: ServiceSettings = {}): Command =>
  ourCommand('inventory-service', {
    KAFKA_BROKERS: run.brokers,
    ORDERS_TOPIC: run.ordersTopic,
    INVENTORY_TOPIC: run.inventoryTopic,
    INVENTORY_GROUP_ID: run.group,
    LAB_HOME: run.home,
    LAB_INSTANCE: instance,
    INVENTORY_FAIL_RATE: faults.failRate,
    FAIL_SEED: faults.seed,
    ...more,
  });

/** @param port of its HTTP API @param instance from 1; each has a store of its own */
export const analyticsCommand = (run: OurRun, port: number, instance = 1, more: ServiceSettings = {}): Command =>
  ourCommand('analytics-service', {
    KAFKA_BROKERS: run.brokers,
    ORDERS_TOPIC: run.ordersTopic,
    INVENTORY_TOPIC: run.inventoryTopic,
    ANALYTICS_GROUP_ID: run.group,
    LAB_HOME: run.home,
    METRICS_DIR: `${run.home}/results`,
    ANALYTICS_SERVICE_PORT: port,
    PRINT_EVERY: 10_000_000,
    REPORT_INTERVAL_SEC: 3600,
    LAB_INSTANCE: instance,
    ...more,
  });
