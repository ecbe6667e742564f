/** How long `./lab ledger` takes over many orders, beside a lab that has nothing to do. */
import type { Bench } from './bench.ts';
import { filledLab } from './fill-lab.ts';
import { measure } from './measures.ts';
import type { Findings } from './result.ts';

/** What it takes hardly differs from round to round. */
const mostRounds = 3;

type Books = { records: number; decided: number; duplicates: number; deadLettered: number };

/** Each round is the whole command, with its start-up. */
export async function benchLedger(bench: Bench): Promise<Findings> {
  const { lab } = await filledLab(bench);
  const { total_orders: orders } = await lab.metrics();
  const took: number[] = [];
  const books: Books[] = [];
  for (let round = 1; round <= Math.min(bench.rounds, mostRounds); round++) {
    const { stdout, sec } = await lab.run(['ledger', '--json']);
    took.push(sec);
    books.push(JSON.parse(stdout) as Books);
    bench.say(`ledger, round ${round}: ${sec.toFixed(1)} s over ${orders} orders`);
  }
  return {
    rounds: took.length,
    settings: { 'orders that are there': orders },
    measures: [measure({ name: `./lab ledger over ${orders} orders`, unit: 's', target: { of: 'ours', below: 8 } }, took)],
    checks: [
      {
        claim: 'every round counted all orders, each with its decision',
        held: books.every(
          ({ records, decided, duplicates, deadLettered }) => records === decided + duplicates + deadLettered && decided === orders,
        ),
        detail: books.map(({ records, decided }) => `${decided} decided of ${records} records`).join('; '),
      },
    ],
  };
}
