import { checkLedger } from '../../src/order-lab/scenario/check-ledger.ts';
import { defineScenario } from '../../src/order-lab/scenario/define-scenario.ts';

const count = 2000;
const inventory = 'inventory-service';

export default defineScenario({
  title: 'The same orders again: decided once, counted as duplicates',
  summary: 'Order ids sent again, also after a restart without the store: no second decision, each duplicate counted.',
  exercises: ['E'],
  async run({ lab, check, say, compare }) {
    await lab.burst(count);
    await lab.waitDrained();
    const sent = (await lab.read(lab.names.orders)).map(({ key, value }) => ({ key, value: value as object }));
    const first = await lab.counted();

    await lab.send('all of these orders again', sent);
    await lab.waitDrained();
    const second = await lab.counted();
    check('each of them is counted as a duplicate', { measured: second.duplicatesIgnored, equals: count, lookAt: './lab metrics' });
    check('and adds no order', { measured: second.orders, equals: count, lookAt: './lab metrics' });
    check('and no reservation', { measured: second.reservations, equals: count, lookAt: './lab metrics' });

    say('what inventory knows of earlier decisions is a cache of inventory-events: deleted, it is read again from there');
    await lab.stop(inventory);
    await lab.deleteStore(inventory);
    await lab.start(inventory);
    await lab.send('all of these orders a third time', sent);
    await lab.waitDrained();
    const restored = (await lab.logs('inventory-service.1')).map((line) =>
      Number(/decided orders restored .*read=(\d+)/.exec(line)?.[1] ?? 0),
    );
    check('inventory has read all its decisions back from the log', {
      measured: restored.reduce((sum, read) => sum + read, 0),
      atLeast: count,
      lookAt: './lab logs inventory-service',
    });

    const body = { orderId: `lunch-${Date.now()}`, items: [{ sku: 'burger', qty: 1 }] };
    const answers = [await lab.order(body), await lab.order(body)];
    check('POST /produce takes the same id twice, as its clients expect', {
      measured: answers.filter(({ status }) => status === 'published').length,
      equals: 2,
      lookAt: './lab logs order-service',
    });
    await lab.waitDrained();
    const last = await lab.counted();
    check('after three times and one order by HTTP, sent twice: every duplicate is counted', {
      measured: last.duplicatesIgnored,
      equals: 2 * count + 1,
      lookAt: './lab metrics',
    });
    check('there is one order more, and no other', { measured: last.orders, equals: first.orders + 1, lookAt: './lab metrics' });

    const ledger = await lab.ledger();
    check('the log holds what was sent again', { measured: ledger.duplicates, equals: 2 * count + 1, lookAt: './lab tail order-events' });
    check('there are as many decisions as orders', {
      measured: ledger.decisions,
      equals: count + 1,
      lookAt: './lab tail inventory-events',
    });
    checkLedger(check, ledger, count + 1);

    const { before, after, identical } = await lab.replay();
    compare('Before and after a replay', before, after);
    check('a replay counts the same duplicates', { measured: identical, equals: true, lookAt: './lab replay' });
  },
});
