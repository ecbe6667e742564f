import { checkLedger } from '../../src/order-lab/scenario/check-ledger.ts';
import { defineScenario } from '../../src/order-lab/scenario/define-scenario.ts';

const count = 10_000;
const ratePerSec = 1000;
const warmUp = 100;
const analytics = 'analytics-service';
const inventory = 'inventory-service';

export default defineScenario({
  title: 'Slow analytics: only its own group falls behind',
  summary: 'Analytics waits 1 ms per record: its metrics trail, while inventory keeps up with every order.',
  exercises: ['B2'],
  async run({ lab, check, say }) {
    say('some orders first: the first transaction of a new Kafka takes a second or more');
    await lab.burst(warmUp);
    await lab.waitDrained();
    await lab.waitForMembers(inventory, 1);
    await lab.waitForMembers(analytics, 1);
    const since = Date.now();
    const atStart = await lab.metrics();
    await lab.set(analytics, { throttleMs: 1 });
    await lab.burst(count, { ratePerSec });
    await lab.waitDrained(inventory);

    const behind = await lab.lag(analytics);
    const shown = await lab.metrics();
    check('when inventory has decided every order, analytics is still far behind', {
      measured: behind.total,
      atLeast: count / 2,
      unit: 'records',
      lookAt: './lab set analytics-service: is throttle=1ms set?',
    });
    check('inventory was never behind by more than a quarter of the burst', {
      measured: lab.peakLag(inventory),
      atMost: count / 4,
      unit: 'records',
      lookAt: './lab lag --watch inventory-service-group, ./lab set inventory-service: is a throttle set?',
    });
    check('the metrics trail real time: they show fewer decisions than there are', {
      measured: shown.total_reservations - atStart.total_reservations,
      atMost: count * 0.9,
      unit: `of ${count}`,
      lookAt: './lab metrics',
    });
    check('and they say themselves that they do', { measured: shown.lag ?? 0, atLeast: 1, unit: 'records', lookAt: './lab metrics: Lag' });

    say('1 ms per record: at most 1,000 records a second, of both topics together');
    check('the lag falls slowly', {
      measured: await lab.drainRate(analytics, { forSeconds: 3 }),
      between: [200, 1050],
      unit: 'records/s',
      lookAt: './lab lag --watch analytics-group',
    });
    await lab.waitDrained();
    await lab.set(analytics, null);

    const members = lab.membership(inventory, since);
    check('inventory stays healthy: one and the same member all the time', {
      measured: members.least === 1 && members.most === 1 && members.ids.length === 1,
      equals: true,
      lookAt: './lab lag --members inventory-service-group, ./lab logs inventory-service',
    });
    const slow = lab.membership(analytics, since);
    check('slow is not dead: analytics is not thrown out of its group', {
      measured: slow.least === 1 && slow.most === 1 && slow.ids.length === 1,
      equals: true,
      lookAt: './lab lag --members analytics-group, ./lab logs analytics-service',
    });
    const counted = await lab.counted();
    check('late, but complete: analytics has counted every order', {
      measured: counted.orders,
      equals: warmUp + count,
      lookAt: './lab metrics',
    });
    check('and every decision', { measured: counted.reservations, equals: warmUp + count, lookAt: './lab metrics' });
    checkLedger(check, await lab.ledger(), warmUp + count);
  },
});
