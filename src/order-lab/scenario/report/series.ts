/** Samples as the lines of the charts: lag per group and partition, throughput per second. Pure. */
import type { Line, Point } from '../../../lab/report/chart.ts';
import type { LabSteps } from '../lab-steps.ts';
import { type Counter, committedIn, endIn, lagIn, ratesOf, type Sample } from '../sample.ts';

/**
 * @param samples in the order of their times
 * @param group whose lag
 * @param startMs when the run began (ms since 1970)
 * @returns the sum, then one line per partition, by name; what is not known is a gap
 */
export function lagLines(samples: readonly Sample[], group: string, startMs: number): Line[] {
  const partitionsOf = (sample: Sample) => sample.groups.find((one) => one.group === group)?.partitions ?? [];
  const names = [
    ...new Set(samples.flatMap((sample) => partitionsOf(sample).map(({ topic, partition }) => `${topic}/${partition}`))),
  ].sort();
  const total: Line = {
    name: 'all partitions',
    isTotal: true,
    points: samples.map((sample): Point => [seconds(sample.atMs, startMs), lagIn(sample, group) ?? null]),
  };
  const partitions = names.map((name) => ({
    name,
    points: samples.map((sample): Point => {
      const lag = partitionsOf(sample).find(({ topic, partition }) => `${topic}/${partition}` === name)?.lag;
      return [seconds(sample.atMs, startMs), lag ?? null];
    }),
  }));
  return [total, ...partitions];
}

/** @returns orders into Kafka, decisions by inventory, records read by analytics, each per second */
export function throughputLines(samples: readonly Sample[], names: LabSteps['names'], startMs: number): Line[] {
  const line = (name: string, counter: Counter): Line => ({
    name,
    points: ratesOf(samples, counter).map(
      ({ atMs, perSec }): Point => [seconds(atMs, startMs), perSec === undefined ? null : Math.round(perSec * 10) / 10],
    ),
  });
  return [
    line('orders in', (sample) => endIn(sample, names.orders)),
    line('orders decided', (sample) => committedIn(sample, names.inventoryGroup)),
    line('orders seen by analytics', (sample) => committedIn(sample, names.analyticsGroup, names.orders)),
  ];
}

/** @returns what analytics says about the last minute and about failures */
export function ordersPerMinuteLine(samples: readonly Sample[], startMs: number): Line[] {
  return [
    { name: 'orders/min', points: samples.map(({ atMs, metrics }): Point => [seconds(atMs, startMs), metrics?.orders_per_min ?? null]) },
  ];
}

/** @returns seconds with one decimal */
export const seconds = (atMs: number, startMs: number): number => Math.round((atMs - startMs) / 100) / 10;
