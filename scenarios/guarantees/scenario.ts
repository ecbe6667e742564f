import { crashPoints, deliveries } from '../../src/kafka/exactly-once/delivery.ts';
import { defineScenario } from '../../src/order-lab/scenario/define-scenario.ts';
import { theory } from './theory.ts';

const count = 1000;
const ratePerSec = 1000;
const warmUp = 100;

export default defineScenario({
  title: 'Guarantees: what a crash costs, by delivery and by moment',
  summary: 'inventory-service killed at three moments of a batch under each delivery guarantee: what is lost, what comes twice.',
  exercises: [],
  async run({ lab, check, table, say }) {
    say('some orders first: the first transaction of a new Kafka takes a second or more');
    await lab.burst(warmUp);
    await lab.waitDrained();
    const rows: (string | number)[][] = [];
    for (const delivery of deliveries) {
      for (const crash of crashPoints) {
        await lab.set('inventory-service', { delivery, crash });
        const { runId, produced } = await lab.burst(count, { ratePerSec });
        await lab.waitHealthy();
        await lab.waitDrained();
        // In force when the batch under way is over: "at most once" has lag 0 before it has written its decisions.
        await lab.set('inventory-service', null);
        const { missing, decidedTwice } = await lab.ledger();
        const ofThisBurst = (ids: readonly string[]) => ids.filter((id) => id.startsWith(`${runId}-`)).length;
        const [lost, twice] = [ofThisBurst(missing), ofThisBurst(decidedTwice)];
        const expected = theory[delivery][crash];
        const lookAt = './lab ledger, ./lab logs inventory-service';
        const bound = (is: boolean, measured: number) => (is ? { measured, between: [1, produced] as const } : { measured, equals: 0 });
        const when = `${delivery}, crash ${crash}`;
        check(`${when}: ${expected.lost ? 'a batch is lost' : 'nothing is lost'}`, {
          ...bound(expected.lost, lost),
          unit: 'orders',
          lookAt,
        });
        check(`${when}: ${expected.twice ? 'a batch is decided twice' : 'nothing is decided twice'}`, {
          ...bound(expected.twice, twice),
          unit: 'orders',
          lookAt,
        });
        rows.push([delivery, crash, produced, lost, twice, expected.why]);
      }
    }
    table('What a crash costs', ['Delivery', 'Crash', 'Orders', 'Lost', 'Decided twice', 'Why'], rows);
    check('each crash happened, and inventory-service was started again', {
      measured: (await lab.logs('lab')).filter((line) => line.startsWith('inventory-service.1 ') && line.includes('killed by SIGKILL'))
        .length,
      atLeast: deliveries.length * crashPoints.length,
      unit: 'times',
      lookAt: './lab logs lab',
    });
  },
});
