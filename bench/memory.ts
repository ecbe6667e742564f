/** What each process of a lab takes while it works as fast as it can: resident memory, processor time, disk. */
import type { Bench } from './bench.ts';
import { filledLab } from './fill-lab.ts';
import { measure } from './measures.ts';
import { medianOf, peakOf } from './memory-sampler.ts';
import type { Findings } from './result.ts';

const services = ['order-service', 'inventory-service.1', 'analytics-service'] as const;

/** One run: memory over time is what matters, and it is long enough to see whether it grows. */
export async function benchMemory(bench: Bench): Promise<Findings> {
  const { lab, orders, sec, memory, cpuSec, logBytes } = await filledLab(bench);
  bench.say(`memory: ${orders} orders took ${sec.toFixed(1)} s through the whole lab`);
  const total = (await lab.metrics()).total_orders;
  const of = (name: string) => memory.get(name) ?? [];
  return {
    settings: { orders, 'sampled every (ms)': 250 },
    rounds: 1,
    measures: [
      ...services.map((name) => measure({ name: `${name}, peak`, unit: 'MB', target: { of: 'ours', below: 260 } }, [peakOf(of(name))])),
      ...services.map((name) => measure({ name: `${name}, median of the last half`, unit: 'MB' }, [medianOf(of(name), 0.5, 1)])),
      measure({ name: 'kafka, peak', unit: 'MB' }, [peakOf(of('kafka'))]),
      measure({ name: `${orders} orders, from the request to all visible`, unit: 's' }, [sec]),
    ],
    checks: [],
    grids: [
      {
        title: `Processor time for ${orders} orders, HTTP of the dashboard and of this benchmark included`,
        columns: ['process', 'seconds', 'microseconds an order', 'orders/s that one core carries'],
        rows: [...cpuSec].map(([name, used]) => [name, used, (used / orders) * 1e6, orders / used]),
      },
      {
        title: "Kafka's log, one replica, lz4",
        columns: ['topic', 'MB', 'bytes a record'],
        rows: [
          ['order-events', logBytes.orders / 1e6, logBytes.orders / total],
          ['inventory-events', logBytes.inventory / 1e6, logBytes.inventory / total],
        ],
      },
    ],
    curves: [
      {
        file: 'memory',
        title: `Resident memory while ${orders} orders go through a lab as fast as it can`,
        x: 'seconds',
        y: 'MB',
        lines: [...memory].map(([name, points]) => ({ name, points })),
      },
    ],
  };
}
