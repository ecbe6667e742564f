import { checkLedger } from '../../src/order-lab/scenario/check-ledger.ts';
import { defineScenario } from '../../src/order-lab/scenario/define-scenario.ts';

export default defineScenario({
  title: 'Burst: 10,000 orders at once',
  summary: '10,000 orders at once: each is decided once, orders/min spikes and decays, 5% fail.',
  exercises: ['B1', 'C1', 'D1', 'E-C6'],
  async run({ lab, check }) {
    const burst = await lab.burst(10_000);
    check('Kafka has acknowledged every order', { measured: burst.produced, equals: 10_000, lookAt: './lab tail order-events -n 5' });
    check('progress was told every 1,000 orders', { measured: burst.progressLines, equals: 10, lookAt: 'PRINT_EVERY' });

    await lab.waitDrained();
    const { metrics: spike } = await lab.waitUntil(
      'orders/min shows the burst',
      ({ metrics }) => (metrics?.orders_per_min ?? 0) >= 10_000,
      { withinSec: 10 },
    );
    check('orders/min spikes to the size of the burst', {
      measured: spike?.orders_per_min ?? 0,
      atLeast: 10_000,
      lookAt: './lab metrics --watch: orders of the last 60 s',
    });

    const counted = await lab.counted();
    check('analytics has counted every order', { measured: counted.orders, equals: 10_000, lookAt: './lab lag: is it 0?' });
    check('analytics has counted every decision', { measured: counted.reservations, equals: 10_000, lookAt: './lab lag: is it 0?' });
    check('the failure rate follows INVENTORY_FAIL_RATE, 5%', {
      measured: counted.failureRate * 100,
      between: [4, 6],
      unit: '%',
      lookAt: './lab set inventory-service: is another fail-rate set?',
    });

    checkLedger(check, await lab.ledger(), 10_000);

    const { metrics: calm } = await lab.waitUntil(
      'a minute later orders/min is down again',
      ({ metrics }) => metrics?.orders_per_min === 0,
      { withinSec: 90 },
    );
    check('orders/min decays to 0 within a minute or so', {
      measured: calm?.orders_per_min ?? -1,
      equals: 0,
      lookAt: './lab metrics --watch',
    });
    check('the totals stay as they were', { measured: (await lab.counted()).orders, equals: 10_000, lookAt: './lab metrics' });
    await lab.saveMetrics('metrics_output.txt');
  },
});
