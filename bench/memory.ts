/** Resident memory of each service of a lab while it works as fast as it can. */
import type { Bench } from './bench.ts';
import { filledLab } from './fill-lab.ts';
import { measure } from './measures.ts';
import { medianOf, peakOf } from './memory-sampler.ts';
import type { Findings } from './result.ts';

const services = ['order-service', 'inventory-service.1', 'analytics-service'] as const;

/** One run: memory over time is what matters, and it is long enough to see whether it grows. */
export async function benchMemory(bench: Bench): Promise<Findings> {
  const { orders, sec, memory } = await filledLab(bench);
  bench.say(`memory: ${orders} orders took ${sec.toFixed(1)} s through the whole lab`);
  const of = (name: string) => memory.get(name) ?? [];
  return {
    settings: { orders, 'sampled every (ms)': 250 },
    rounds: 1,
    measures: [
      ...services.map((name) =>
        measure({ name: `${name}, peak resident memory at full speed`, unit: 'MB', target: { of: 'ours', below: 260 } }, [
          peakOf(of(name)),
        ]),
      ),
      ...services.map((name) =>
        measure({ name: `${name}, steady resident memory (median of the last half)`, unit: 'MB' }, [medianOf(of(name), 0.5, 1)]),
      ),
      measure({ name: 'kafka, peak resident memory', unit: 'MB' }, [peakOf(of('kafka'))]),
      measure({ name: `${orders} orders through the whole lab, accepted to visible`, unit: 's' }, [sec]),
    ],
    checks: [],
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
