import { defineScenario, type Stage } from '../../src/order-lab/scenario/define-scenario.ts';
import type { RunningLoad } from '../../src/order-lab/scenario/lab-steps.ts';

const warmUp = 300;
const withinSec = 180;

export default defineScenario({
  title: 'Topic storm: the topics themselves change, under load',
  summary: 'Transactions left open, records deleted, partitions added, topics made anew: decided once, and said.',
  exercises: [],
  scale: 2,
  needsOwnLab: true,
  options: {
    rounds: { between: [1, 20], default: '1', help: 'how often all of it happens before the orders are made anew' },
    rate: { between: [1, 1000], default: '100', help: 'orders per second' },
  },
  async run(stage) {
    const { lab, check, sometimes, say, options } = stage;
    const rounds = Number(options.rounds);
    const ratePerSec = Number(options.rate);
    const { orders, inventory } = lab.names;
    await lab.burst(warmUp);
    await lab.waitDrained();

    const load = lab.load({ ratePerSec });
    let partitions = 3;
    for (let round = 1; round <= rounds; round += 1) {
      const stranger = await lab.openTransaction(inventory, 0);
      await lab.watch(5);
      await stranger.abort();
      await lab.kafkaTool('configs', [
        ...['--alter', '--entity-type', 'topics', '--entity-name', orders],
        ...['--add-config', `max.message.bytes=${10_000_000 + round},message.timestamp.after.max.ms=9223372036854775807`],
      ]);
      await lab.waitUntil('something was decided', ({ counted }) => (counted?.reservations ?? 0) > warmUp, { withinSec });
      await lab.deleteRecords(orders, 0, 20 * round);
      partitions += 1;
      say('inventory-events first: a decision goes to the partition of its order');
      await lab.kafkaTool('topics', ['--alter', '--topic', inventory, '--partitions', String(partitions)]);
      await lab.kafkaTool('topics', ['--alter', '--topic', orders, '--partitions', String(partitions)]);
      await lab.watch(5);
    }
    const first = await settle(stage, load);
    await checkDecisions(stage, warmUp + first);
    const note = (await lab.logs('inventory-service.1')).filter((line) =>
      line.includes(`was begun with 3 partitions and has ${partitions}`),
    );
    check('the service says why one instance decides alone', {
      measured: note.length,
      atLeast: 1,
      lookAt: './lab logs inventory-service',
    });

    await lab.kafkaTool('topics', ['--delete', '--topic', orders]);
    await lab.kafkaTool('topics', ['--create', '--topic', orders, '--partitions', String(partitions)]);
    const again = lab.load({ ratePerSec });
    await lab.watch(10);
    const second = await settle(stage, again);
    const { accepted, inTheLog } = await again.verify();
    check('every order that the new log accepted is in it, where the answer said', {
      measured: inTheLog,
      equals: accepted,
      lookAt: `./lab tail ${orders} --from earliest -e`,
    });
    sometimes([
      { situation: 'a transaction that somebody left open', times: rounds, needed: 1 },
      { situation: 'orders of a topic that had grown', times: first, needed: 1 },
      { situation: 'an instance that decided alone, and said why', times: note.length, needed: 1 },
      { situation: 'orders of a topic that was made anew', times: second, needed: 1 },
    ]);
    await checkDecisions(stage, warmUp + first + second);
    check('the view is of the new log alone', {
      measured: (await lab.metrics()).total_orders,
      equals: second,
      lookAt: './lab metrics',
    });
  },
});

/** @returns how many orders the load came to, once all is read */
async function settle({ lab }: Stage, load: RunningLoad): Promise<number> {
  const { orders } = await load.finish({ withinSec });
  await lab.waitHealthy({ withinSec });
  await lab.waitDrained(undefined, { withinSec });
  return orders;
}

async function checkDecisions({ lab, check }: Stage, orders: number): Promise<void> {
  const { decisions, decidedTwice, missing } = await lab.ledger();
  const lookAt = './lab ledger';
  check('one decision for each order that was ever sent', { measured: decisions, equals: orders, lookAt });
  check('none twice', { measured: decidedTwice.length, equals: 0, lookAt });
  check('no order that is in the log is without one', { measured: missing.length, equals: 0, lookAt });
}
