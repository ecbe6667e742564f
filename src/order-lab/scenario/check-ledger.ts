/** What most scenarios end with: the books of the run balance. */
import type { Stage } from './define-scenario.ts';
import type { Ledger } from './lab-steps.ts';

/**
 * Checks that every order was decided, none more than once, and that nothing was decided that nobody ordered.
 * @param check of the stage
 * @param ledger both topics, read record by record
 * @param orders how many different orders there must be
 */
export function checkLedger(check: Stage['check'], ledger: Ledger, orders: number): void {
  const { missing, decidedTwice, unknown, disordered } = ledger;
  check('every order that was sent is in the log', {
    measured: ledger.orders,
    equals: orders,
    lookAt: './lab tail order-events --from earliest -e',
  });
  check('no order is without a decision', { measured: missing.length, equals: 0, lookAt: lookAt(missing) });
  check('no order is decided twice', { measured: decidedTwice.length, equals: 0, lookAt: lookAt(decidedTwice) });
  check('nothing is decided that nobody ordered', { measured: unknown.length, equals: 0, lookAt: lookAt(unknown) });
  check('every decision follows the first record of its order', { measured: disordered.length, equals: 0, lookAt: './lab ledger' });
}

const lookAt = ([first]: readonly string[]): string =>
  `./lab tail inventory-events --from earliest -e${first === undefined ? '' : ` --key ${first}`}, ./lab logs inventory-service`;
