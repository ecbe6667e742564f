import { setTimeout as sleep } from 'node:timers/promises';
import { checkStorm } from '../../src/order-lab/scenario/check-storm.ts';
import { defineScenario, type Stage } from '../../src/order-lab/scenario/define-scenario.ts';
import type { RunningLoad } from '../../src/order-lab/scenario/lab-steps.ts';

const warmUp = 100;
/** After a kill Kafka takes some 10 s: the controller waits for the end of the dead broker's session (s). */
const backWithinSec = 90;

export default defineScenario({
  title: 'Broker outage: accepted means kept',
  summary: 'Kafka away, then killed again and again, under POST /produce: 200 only for what is in the log, decided once.',
  exercises: [],
  strikesKafka: true,
  options: {
    requests: { between: [100, 10_000_000], default: '20000', help: 'so many requests at least' },
    away: { between: [1, 600], default: '20', help: 'how long Kafka is away (s)' },
    kills: { between: [1, 100], default: '2', help: 'how often Kafka is killed afterwards' },
    rate: { between: [1, 2000], default: '500', help: 'orders per second' },
  },
  async run(stage) {
    const { lab, check, sometimes, say, options } = stage;
    const [least, awaySec, kills] = [Number(options.requests), Number(options.away), Number(options.kills)];
    say('some orders first: the first transaction of a new Kafka takes a second or more');
    await lab.burst(warmUp);
    await lab.waitDrained();
    const load = lab.load({ ratePerSec: Number(options.rate) });
    await lab.watch(3);

    await lab.stop('kafka');
    // Those that came in before Kafka went may be accepted.
    await load.answered();
    const early = load.figures();
    await lab.watch(awaySec);
    const late = load.figures();
    check(`while Kafka is away, for ${awaySec} s, no order is accepted`, {
      measured: late.accepted - early.accepted,
      equals: 0,
      detail: `${late.requests - early.requests} requests, ${(late.refused['503'] ?? 0) - (early.refused['503'] ?? 0)} answered 503`,
      lookAt: './lab logs order-service',
    });
    await lab.start('kafka');
    await acceptedAgain(lab, load);

    for (let kill = 1; kill <= kills; kill += 1) {
      await lab.watch(2);
      await lab.kill('kafka');
      await acceptedAgain(lab, load);
    }
    say(`orders go on until there were ${least} requests`);
    while (load.figures().requests < least) await sleep(200);

    const { requests, refused, sentAgain } = await checkStorm(stage, load, warmUp);
    sometimes([
      { situation: 'a request while Kafka was away', times: late.requests - early.requests, needed: 1 },
      { situation: 'a request that was answered 503', times: refused['503'] ?? 0, needed: 1 },
      { situation: 'an order that was sent again under its id', times: sentAgain, needed: 1 },
      { situation: 'kill -9 of Kafka under load', times: kills, needed: kills },
    ]);
    check('so many requests were made, outages among them', { measured: requests, atLeast: least, lookAt: 'the step that ends the load' });
    check('requests were answered 503: send it again', { measured: refused['503'] ?? 0, atLeast: 1, lookAt: './lab logs order-service' });
    check('orders were sent again under their id, and decided once, see above', {
      measured: sentAgain,
      atLeast: 1,
      lookAt: './lab logs order-service',
    });
  },
});

/** Nothing is helped along: order-service finds Kafka by itself. */
async function acceptedAgain(lab: Stage['lab'], load: RunningLoad): Promise<void> {
  const { accepted } = load.figures();
  // Orders that were under way when Kafka went may still be answered: more than these must come.
  await lab.waitUntil('orders are accepted again', () => load.figures().accepted > accepted + 1000, { withinSec: backWithinSec });
}
