/** What every storm ends with: calm, then the books, then the same figures from the log read again. */

import { formatValue } from '../../lab/report/check.ts';
import { checkLedger } from './check-ledger.ts';
import type { Stage } from './define-scenario.ts';
import type { RunningLoad } from './lab-steps.ts';
import type { LoadFigures } from './load/order-load.ts';

/** For a backlog of minutes, and a Kafka that recovers its log (s). */
const withinSec = 300;

/**
 * Ends the load, waits until all is read, and checks: accepted means kept, one decision per order, analytics agrees with the log, the
 * digest survives a replay.
 * @param load what ran through the storm
 * @param before different orders that were sent beside the load
 * @returns what the load came to
 */
export async function checkStorm({ lab, check, compare }: Stage, load: RunningLoad, before: number): Promise<LoadFigures> {
  const figures = await load.finish({ withinSec });
  await lab.waitHealthy({ withinSec });
  await lab.waitDrained(undefined, { withinSec });
  const { requests, refused, unanswered, sentAgain } = figures;
  const orders = before + figures.orders;

  const { accepted, inTheLog, firstMissing } = await load.verify();
  const others = Object.entries(refused).map(([status, count]) => `${formatValue(count)} answered ${status}, `);
  check('every order that was answered by 200 is in the log, where the answer said', {
    measured: inTheLog,
    equals: accepted,
    detail: `${formatValue(requests)} requests, ${others.join('')}${formatValue(unanswered)} not answered; ${formatValue(sentAgain)} orders were sent again`,
    lookAt: `./lab tail order-events --from earliest -e${firstMissing === undefined ? '' : ` --key ${firstMissing}`}`,
  });
  const ledger = await lab.ledger();
  checkLedger(check, ledger, orders);
  check('read record by record, committed ones only: one decision for each order', {
    measured: ledger.decisions,
    equals: orders,
    lookAt: './lab tail inventory-events --from earliest -e',
  });
  const counted = await lab.counted();
  check('analytics has counted every order', { measured: counted.orders, equals: orders, lookAt: './lab metrics' });
  check('and every decision', { measured: counted.reservations, equals: orders, lookAt: './lab metrics, ./lab lag' });
  check('and every duplicate that is in the log', {
    measured: counted.duplicatesIgnored,
    equals: ledger.duplicates,
    lookAt: './lab metrics',
  });

  const replay = await lab.replayByReset();
  compare('Before and after a replay', replay.before, replay.after);
  check('the digest is the same after a replay', {
    measured: replay.after.digest,
    equals: replay.before.digest,
    lookAt: './lab replay',
  });
  check('down to the last figure', { measured: replay.identical, equals: true, lookAt: './lab replay' });
  return figures;
}
