/** A burst of 10,000 orders into a whole lab: how long until analytics shows all of them, decided. */
import type { Bench } from './bench.ts';
import { sharedLab } from './lab-under-test.ts';
import { measure } from './measures.ts';
import type { Findings } from './result.ts';

/** One burst that does not count goes before the others. */
export async function benchBurst(bench: Bench): Promise<Findings> {
  const lab = await sharedLab(bench);
  const { burstOrders } = bench.sizes;
  const fromRequest: number[] = [];
  const fromAnswer: number[] = [];
  for (let round = bench.warmUp ? 0 : 1; round <= bench.rounds; round++) {
    const { askedAtMs, answeredAtMs, seenAtMs } = await lab.burst(burstOrders);
    const sec = (seenAtMs - askedAtMs) / 1000;
    bench.say(`burst, round ${round}: accepted in ${((answeredAtMs - askedAtMs) / 1000).toFixed(2)} s, all visible in ${sec.toFixed(2)} s`);
    if (round === 0) continue;
    fromRequest.push(sec);
    fromAnswer.push(Math.max(0, seenAtMs - answeredAtMs) / 1000);
  }
  return {
    settings: { 'orders of a burst': burstOrders, 'asked every (ms)': 10 },
    measures: [
      measure({ name: 'from the request to all visible and decided', unit: 's', target: { of: 'ours', below: 1 } }, fromRequest),
      measure({ name: 'from the answer (all accepted) to all visible and decided', unit: 's' }, fromAnswer),
    ],
    checks: [],
  };
}
