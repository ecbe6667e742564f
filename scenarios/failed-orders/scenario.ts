import { checkLedger } from '../../src/order-lab/scenario/check-ledger.ts';
import { defineScenario } from '../../src/order-lab/scenario/define-scenario.ts';

const count = 10_000;

export default defineScenario({
  title: 'Orders that arrive as failed: released, counted once',
  summary: '5% of 10,000 orders arrive with status failed: inventory releases them, failed_orders counts each once.',
  exercises: ['D'],
  async run({ lab, check, compare }) {
    await lab.burst(count, { failRate: 0.05 });
    await lab.waitDrained();

    const sent = (await lab.read(lab.names.orders)).map(({ key, value }) => ({ key, value: value as { status: string } }));
    const failed = sent.filter(({ value }) => value.status === 'failed');
    const arrivedFailed = failed.length;
    check('5% of the orders arrive as failed', {
      measured: (arrivedFailed / count) * 100,
      between: [4, 6],
      unit: '%',
      lookAt: './lab tail order-events --from earliest -e',
    });

    const ledger = await lab.ledger();
    const { InventoryReleased: released = 0, InventoryFailed: rejected = 0, InventoryReserved: reserved = 0 } = ledger.byType;
    const lookAt = './lab tail inventory-events --from earliest -e';
    check('each of them is released, and no other', { measured: released, equals: arrivedFailed, lookAt });
    check('all others are reserved, or their reservation fails', { measured: reserved + rejected, equals: count - arrivedFailed, lookAt });
    checkLedger(check, ledger, count);

    const counted = await lab.counted();
    check('reservations are those of the orders that were placed', {
      measured: counted.reservations,
      equals: count - arrivedFailed,
      lookAt: './lab metrics',
    });
    check('failed_orders = arrived as failed + reservation failed, each once', {
      measured: counted.failedOrders,
      equals: arrivedFailed + rejected,
      lookAt: './lab metrics',
    });

    await lab.send('the failed orders again', failed);
    await lab.waitDrained();
    const again = await lab.counted();
    check('sent again, they count as duplicates', { measured: again.duplicatesIgnored, equals: arrivedFailed, lookAt: './lab metrics' });
    check('and failed_orders stays as it was', { measured: again.failedOrders, equals: counted.failedOrders, lookAt: './lab metrics' });

    const { before, after, identical } = await lab.replay();
    compare('Before and after a replay', before, after);
    check('a replay counts them the same', {
      measured: identical,
      equals: true,
      lookAt: 'diff metrics_initial.txt metrics_after_replay.txt',
    });
  },
});
