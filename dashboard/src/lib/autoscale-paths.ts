/** The picture of an autoscaler's history: paths of lag and replicas over time. Pure. */
import type { AutoscalePoint } from '../../../src/lab/watch/autoscale/autoscale-history.ts';
import { niceCeiling } from './scale.ts';

export type AutoscalePaths = {
  lagThen: string;
  lag: string;
  replicas: string;
  /** Where the replicas change, for their number. */
  steps: { x: number; y: number; replicas: number }[];
  mostLag: number;
  flaps: (atMs: readonly number[]) => number[];
};

/** Room above for numbers. */
const top = 18;

/** @param points at least two, oldest first @param width @param height of the picture */
export function autoscalePaths(points: readonly AutoscalePoint[], width: number, height: number): AutoscalePaths {
  const [first, last] = [points[0]?.atMs ?? 0, points.at(-1)?.atMs ?? 1];
  const mostLag = niceCeiling(Math.max(...points.flatMap(({ lag, lagThen }) => [lag, lagThen])));
  const mostReplicas = Math.max(1, ...points.map(({ replicas }) => replicas)) + 1;
  const x = (atMs: number): number => round(((atMs - first) / Math.max(1, last - first)) * width);
  const y = (share: number): number => round(height - share * (height - top));
  const line = (of: 'lag' | 'lagThen'): string => `M${points.map((point) => `${x(point.atMs)},${y(point[of] / mostLag)}`).join('L')}`;
  const changes = points.filter(({ replicas }, index) => replicas !== points[index - 1]?.replicas);
  const steps = changes.map(({ atMs, replicas }) => ({ x: x(atMs), y: y(replicas / mostReplicas), replicas }));
  const stairs = steps.map((step, index) => (index === 0 ? `M${step.x},${step.y}` : `H${step.x}V${step.y}`)).join('');
  return { lagThen: line('lagThen'), lag: line('lag'), replicas: `${stairs}H${width}`, steps, mostLag, flaps: (atMs) => atMs.map(x) };
}

const round = (value: number): number => Math.round(value * 10) / 10;
