import { checkStorm } from '../../src/order-lab/scenario/check-storm.ts';
import { defineScenario } from '../../src/order-lab/scenario/define-scenario.ts';

const warmUp = 100;
const frozen = 'inventory-service.1';

export default defineScenario({
  title: 'Zombie: an instance stands still, is given up, and comes back',
  summary: 'SIGSTOP for longer than the session timeout, then SIGCONT: the zombie is fenced, nothing is lost or decided twice.',
  exercises: [],
  scale: 2,
  options: {
    rounds: { between: [1, 100], default: '3', help: 'how often it is frozen' },
    rate: { between: [1, 2000], default: '300', help: 'orders per second' },
  },
  async run(stage) {
    const { lab, check, sometimes, say, options } = stage;
    const rounds = Number(options.rounds);
    say('some orders first: the first transaction of a new Kafka takes a second or more');
    await lab.burst(warmUp);
    await lab.waitForMembers('inventory-service', 2);
    await lab.waitDrained();
    const load = lab.load({ ratePerSec: Number(options.rate) });
    const pids = new Set<number>();
    let decidedMeanwhile = 0;
    for (let round = 1; round <= rounds; round += 1) {
      await lab.watch(2);
      pids.add(await lab.freeze(frozen));
      say('the group waits 6 s for a heartbeat; its transaction, if one was open, is aborted by Kafka after 10 s');
      await lab.waitForMembers('inventory-service', 1);
      const { reservations } = await lab.counted();
      await lab.waitUntil('the other instance has decided all that came', ({ lag }) => lag['inventory-service'] < 1000);
      await lab.watch(round % 2 === 1 ? 8 : 1);
      if ((await lab.counted()).reservations > reservations) decidedMeanwhile += 1;
      await lab.thaw(frozen);
      say('the zombie knows nothing of it, and goes on where it stood');
      await lab.waitForMembers('inventory-service', 2);
    }
    const ends = (await lab.logs(frozen)).filter((line) => line.startsWith('fatal '));
    for (const line of ends) say(`${frozen}: ${line}`);
    sometimes([
      { situation: 'its group threw it out, and others decided meanwhile', times: decidedMeanwhile, needed: rounds },
      { situation: 'a zombie that was fenced when it came back', times: ends.length, needed: 1 },
    ]);
    check('the zombie gave up by itself, and said why', {
      measured: ends.length,
      atLeast: 1,
      unit: 'times',
      detail: `frozen ${rounds} times, ${pids.size} different processes`,
      lookAt: `./lab logs ${frozen}`,
    });
    await checkStorm(stage, load, warmUp);
  },
});
