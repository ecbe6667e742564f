import { newSeed } from '../../src/lab/crash-test/faults/seeded.ts';
import { checkStorm } from '../../src/order-lab/scenario/check-storm.ts';
import { defineScenario } from '../../src/order-lab/scenario/define-scenario.ts';
import { type PlannedFault, planFaults } from '../../src/order-lab/scenario/load/storm-faults.ts';

const warmUp = 100;
const scale = 2;

export default defineScenario({
  title: 'Crash storm: kill, freeze and scale at random, under load',
  summary: 'Processes and Kafka killed, frozen and scaled at random for --minutes, by --seed: nothing lost, nothing decided twice.',
  exercises: [],
  scale,
  options: {
    minutes: { between: [0.2, 600], default: '2', help: 'how long faults come' },
    seed: { text: 'seed', default: newSeed, help: 'the same seed brings the same faults' },
    analytics: {
      values: ['1', '2', '3'],
      default: '1',
      help: 'instances of analytics-service; with more than one they are scaled and struck too',
    },
    rate: { between: [1, 2000], default: '300', help: 'orders per second' },
  },
  async run(stage) {
    const { lab, check, sometimes, say, options } = stage;
    const analytics = Number(options.analytics);
    const forSec = Number(options.minutes) * 60;
    const faults = planFaults({ seed: options.seed ?? '', forSec, gapSec: [3, 15], scale, analytics });
    say(`seed ${options.seed}: ${faults.length} faults in ${Math.round(forSec)} s; the same faults again: --seed ${options.seed}`);
    if (analytics > 1) await lab.scale('analytics-service', analytics);
    say('some orders first: the first transaction of a new Kafka takes a second or more');
    await lab.burst(warmUp);
    await lab.waitDrained();

    const load = lab.load({ ratePerSec: Number(options.rate) });
    const struck = await lab.storm(faults);
    say('the storm is over: nobody is helped along but by the lab, which starts again what ended');
    await lab.scale('inventory-service', scale);
    if (analytics > 1) await lab.scale('analytics-service', analytics);
    const kinds = [...new Set(struck.map(kindOf))].sort();
    check('faults have struck', {
      measured: struck.length,
      atLeast: Math.max(1, Math.floor(faults.length / 2)),
      detail: kinds.map((kind) => `${struck.filter((fault) => kindOf(fault) === kind).length} x ${kind}`).join(', '),
      lookAt: './lab logs lab',
    });
    // Of each kind that the seed has drawn, one at least.
    sometimes(
      [...new Set(faults.map(kindOf))].sort().map((kind) => {
        const times = struck.filter((fault) => kindOf(fault) === kind).length;
        return { situation: `${kind}, under load`, times, needed: 1 };
      }),
    );
    await checkStorm(stage, load, warmUp);
  },
});

const kindOf = (fault: PlannedFault): string =>
  fault.kind === 'scale' ? `scale ${fault.service}` : `${fault.kind} ${fault.process.replace(/\.\d+$/, '')}`;
