import { checkLedger } from '../../src/order-lab/scenario/check-ledger.ts';
import { defineScenario } from '../../src/order-lab/scenario/define-scenario.ts';

const count = 18_000;
const ratePerSec = 1000;
const secondsBetween = 2;
const warmUp = 100;
const killed = ['inventory-service.1', 'analytics-service', 'order-service', 'kafka'] as const;

export default defineScenario({
  title: 'Crash and recover: kill -9 of each process, and of Kafka',
  summary: 'Each service and Kafka itself die by SIGKILL in the middle of a burst: no order is lost, none decided twice.',
  exercises: [],
  strikesKafka: true,
  async run({ lab, check, compare, say }) {
    say('some orders first: the first transaction of a new Kafka takes a second or more');
    await lab.burst(warmUp);
    await lab.waitDrained();
    const burst = lab.burst(count, { ratePerSec });
    await lab.waitUntil('the burst has begun', ({ counted }) => (counted?.orders ?? 0) > warmUp);
    for (const process of killed) {
      await lab.watch(secondsBetween);
      // A crash is worth more while there are transactions: the group lets the new inventory in when the session of the dead one is over.
      if (process === 'kafka') await lab.waitUntil('inventory decides again', ({ lag }) => lag['inventory-service'] < ratePerSec);
      await lab.kill(process);
    }
    const lastKillMs = Date.now();
    say('Kafka comes back when the controller has given up on its last life, some ten seconds later; nobody else is helped along');
    const { produced } = await burst;
    check('all that happened in the middle of the burst', {
      measured: (Date.now() - lastKillMs) / 1000,
      atLeast: 1,
      unit: 's from the last kill to the last order',
      lookAt: 'the marks on the charts',
    });
    check('Kafka has acknowledged every order of the burst', { measured: produced, equals: count, lookAt: './lab logs kafka' });
    await lab.waitHealthy();
    await lab.waitDrained();

    const crashes = (await lab.logs('lab')).filter((line) => line.includes('killed by SIGKILL'));
    for (const process of killed) {
      check(`${process} was killed, and started again`, {
        // A service that waits for a stuck call ends itself by SIGKILL too.
        measured: crashes.filter((line) => line.startsWith(`${process} `)).length,
        atLeast: 1,
        unit: 'times',
        lookAt: './lab logs lab, ./lab ps',
      });
    }
    await lab.order({ items: [{ sku: 'burger', qty: 1 }] });
    await lab.waitDrained();

    const counted = await lab.counted();
    check('analytics has counted every order, and one by HTTP', {
      measured: counted.orders,
      equals: warmUp + count + 1,
      lookAt: './lab metrics',
    });
    check('and every decision', { measured: counted.reservations, equals: warmUp + count + 1, lookAt: './lab metrics, ./lab lag' });
    check('no order came in twice', { measured: counted.duplicatesIgnored, equals: 0, lookAt: './lab metrics' });
    const ledger = await lab.ledger();
    checkLedger(check, ledger, warmUp + count + 1);
    check('read record by record, committed ones only: one decision for each order', {
      measured: ledger.decisions,
      equals: warmUp + count + 1,
      lookAt: './lab tail inventory-events --from earliest -e',
    });

    const { before, after, identical } = await lab.replayByReset();
    compare('Before and after a replay', before, after);
    check('the digest is the same after a replay', { measured: after.digest, equals: before.digest, lookAt: './lab replay' });
    check('down to the last figure', { measured: identical, equals: true, lookAt: './lab replay' });
  },
});
