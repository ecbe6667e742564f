import { checkStorm } from '../../src/order-lab/scenario/check-storm.ts';
import { defineScenario } from '../../src/order-lab/scenario/define-scenario.ts';

const warmUp = 1000;
/** Five instances for three partitions: two have nothing to do. */
const counts = [3, 1, 5, 2, 1];

export default defineScenario({
  title: 'Rebalance storm: 1, 3, 1, 5, 2 instances, again and again',
  summary: 'Partitions change hands again and again, under load, and old orders come again: nothing lost, nothing decided twice.',
  exercises: [],
  options: {
    rounds: { between: [1, 100], default: '2', help: 'how often 3, 1, 5, 2, 1 instances run, one after the other' },
    rate: { between: [1, 2000], default: '300', help: 'orders per second' },
  },
  async run(stage) {
    const { lab, check, sometimes, say, options } = stage;
    const rounds = Number(options.rounds);
    say('some orders first, to be sent again to each new owner of their partition');
    await lab.burst(warmUp);
    await lab.waitDrained();
    const old = (await lab.read(lab.names.orders)).map(({ key, value }) => ({ key, value: value as object }));
    const startedAt = Date.now();
    const load = lab.load({ ratePerSec: Number(options.rate) });
    for (let round = 1; round <= rounds; round += 1) {
      for (const count of counts) {
        await lab.scale('inventory-service', count);
        await lab.send('the first orders again', old);
        await lab.waitForMembers('inventory-service', count);
      }
    }
    const { least, most, ids } = lab.membership('inventory-service', startedAt);
    check('the group had one member, and more than there are partitions', {
      measured: `${least} to ${most}`,
      expected: '1 or fewer, to 5',
      held: least <= 1 && most >= 5,
      detail: `${ids.length} different members`,
      lookAt: './lab lag --members',
    });
    await checkStorm(stage, load, warmUp);
    const { duplicatesIgnored } = await lab.counted();
    sometimes([
      { situation: 'fewer instances than partitions', times: counts.filter((count) => count < 3).length * rounds, needed: 1 },
      { situation: 'more instances than partitions', times: most > 3 ? 1 : 0, needed: 1 },
      { situation: 'a member that was not there before', times: ids.length - 1, needed: counts.length },
      { situation: 'an old order that came to another owner of its partition', times: duplicatesIgnored, needed: old.length },
    ]);
    check('every order that came again was ignored, and counted', {
      measured: duplicatesIgnored,
      atLeast: old.length * counts.length * rounds,
      lookAt: './lab metrics',
    });
  },
});
