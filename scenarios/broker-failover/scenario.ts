import { checkStorm } from '../../src/order-lab/scenario/check-storm.ts';
import { defineScenario } from '../../src/order-lab/scenario/define-scenario.ts';

const warmUp = 100;
const brokers = [1, 2, 3];

export default defineScenario({
  title: 'Broker failover: a cluster of three loses any one, then the next',
  summary: 'Three brokers, three replicas, two in sync: each is killed in turn under load, and the orders go on.',
  exercises: [],
  threeBrokers: true,
  scale: 2,
  options: {
    rounds: { between: [1, 100], default: '1', help: 'how often each of the three is killed' },
    down: { between: [1, 600], default: '15', help: 'how long a broker is away (s)' },
    rate: { between: [1, 2000], default: '200', help: 'orders per second' },
  },
  async run(stage) {
    const { lab, check, sometimes, say, options } = stage;
    const [rounds, downSec] = [Number(options.rounds), Number(options.down)];
    say('some orders first: the first transaction of a new Kafka takes a second or more');
    await lab.burst(warmUp);
    await lab.waitDrained();
    const load = lab.load({ ratePerSec: Number(options.rate) });
    const acceptedWithout: number[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      for (const id of brokers) {
        await lab.watch(2);
        await lab.killBroker(id);
        say('partitions that it led, its groups and transactions, and the controller if it was that, move to the other two');
        const { accepted } = load.figures();
        await lab.watch(downSec);
        acceptedWithout.push(load.figures().accepted - accepted);
        await lab.returnBroker(id, { withinSec: 120 });
      }
    }
    sometimes([
      { situation: 'a broker that was away under load', times: acceptedWithout.length, needed: rounds * brokers.length },
      {
        situation: 'orders accepted meanwhile',
        times: acceptedWithout.filter((orders) => orders > 0).length,
        needed: rounds * brokers.length,
      },
    ]);
    check('orders were accepted while each of the brokers was away', {
      measured: Math.min(...acceptedWithout),
      atLeast: 1,
      unit: 'orders',
      detail: `the fewest of ${acceptedWithout.join(', ')}, in ${downSec} s each`,
      lookAt: './lab logs order-service',
    });
    await checkStorm(stage, load, warmUp);
  },
});
