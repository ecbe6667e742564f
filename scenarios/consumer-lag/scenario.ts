import { checkLedger } from '../../src/order-lab/scenario/check-ledger.ts';
import { defineScenario } from '../../src/order-lab/scenario/define-scenario.ts';

const inventory = 'inventory-service';

export default defineScenario({
  title: 'Consumer lag: slow down, overload, scale out',
  summary: 'One slow instance falls behind; three drain three times as fast.',
  exercises: ['A', 'C2', 'D2', 'E-C5'],
  async run({ lab, check, say }) {
    await lab.set(inventory, { throttleMs: 10 });
    await lab.burst(10_000);
    await lab.waitUntil('the lag is there to be seen', () => lab.peakLag(inventory) > 9000, { withinSec: 10 });
    check('one slow instance falls behind by nearly the whole burst', {
      measured: lab.peakLag(inventory),
      atLeast: 9000,
      unit: 'records',
      lookAt: './lab set inventory-service: is throttle=10ms set?',
    });

    say('one instance, 10 ms an order: about 100 a second');
    const oneSince = Date.now();
    const one = await lab.drainRate(inventory, { forSeconds: 10 });
    const alone = lab.membership(inventory, oneSince);
    check('the slow instance is not thrown out of its group', {
      measured: alone.least === 1 && alone.most === 1 && alone.ids.length === 1,
      equals: true,
      lookAt: './lab lag --members inventory-service-group, ./lab logs inventory-service: does it rebalance?',
    });

    say('two more instances join the group, one partition each');
    await lab.scale(inventory, 3);
    await lab.waitForMembers(inventory, 3);
    const threeSince = Date.now();
    const three = await lab.drainRate(inventory, { forSeconds: 10 });
    const together = lab.membership(inventory, threeSince);
    check('all three stay in the group while they drain', {
      measured: together.least === 3 && together.most === 3 && together.ids.length === 3,
      equals: true,
      lookAt: './lab lag --members inventory-service-group, ./lab ps: did one crash?',
    });
    check('three instances drain at least 2.7 times as fast as one', {
      measured: three / one,
      atLeast: 2.7,
      unit: 'times',
      detail: `${one.toFixed(1)} orders/s with one, ${three.toFixed(1)} with three`,
      lookAt: './lab lag: is each partition owned by another instance? uptime: is the machine busy with something else?',
    });

    await lab.set(inventory, null);
    await lab.waitDrained();
    const { orders, reservations } = await lab.counted();
    check('nothing was lost on the way: every order is counted', { measured: orders, equals: 10_000, lookAt: './lab metrics' });
    check('and every decision', { measured: reservations, equals: 10_000, lookAt: './lab lag, ./lab logs inventory-service' });
    checkLedger(check, await lab.ledger(), 10_000);
  },
});
