import { checkLedger } from '../../src/order-lab/scenario/check-ledger.ts';
import { defineScenario } from '../../src/order-lab/scenario/define-scenario.ts';

const count = 10_000;
const bounds = [0.28, 0.32] as const;

export default defineScenario({
  title: 'Injected failures: INVENTORY_FAIL_RATE=0.3',
  summary: 'Three of ten reservations fail: 0.3 +- 0.02 over 10,000 orders, as analytics and the log say.',
  exercises: ['E'],
  environment: { INVENTORY_FAIL_RATE: '0.3' },
  async run({ lab, check }) {
    await lab.burst(count);
    await lab.waitDrained();

    const counted = await lab.counted();
    check('analytics has counted every decision', { measured: counted.reservations, equals: count, lookAt: './lab lag: is it 0?' });
    check('the failure rate of analytics is 0.3', {
      measured: counted.failureRate,
      between: bounds,
      lookAt: './lab set inventory-service: which fail-rate is set?',
    });
    const { failure_rate } = await lab.metrics();
    check('it is what GET /metrics says', { measured: failure_rate, between: bounds, lookAt: 'curl http://127.0.0.1:8002/metrics' });

    const ledger = await lab.ledger();
    check('the failures that were counted are those in the log', {
      measured: counted.failedReservations,
      equals: ledger.byType.InventoryFailed ?? 0,
      lookAt: './lab tail inventory-events --from earliest -e',
    });
    checkLedger(check, ledger, count);
  },
});
