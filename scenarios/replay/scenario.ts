import { checkLedger } from '../../src/order-lab/scenario/check-ledger.ts';
import { defineScenario, type Stage } from '../../src/order-lab/scenario/define-scenario.ts';
import { areCountedAnew, type Metrics } from '../../src/pipeline/analytics/metrics.ts';

const count = 10_000;
const analytics = 'analytics-service';
const inventory = 'inventory-service';
/** Two draws may give the same totals, about once in a hundred times. */
const mostDraws = 3;

export default defineScenario({
  title: 'Replay: the same log gives the same numbers',
  summary: 'Both topics read again, in two ways: identical digests. --outcomes random shows how they come to differ.',
  exercises: ['B3', 'C3', 'D3', 'E-C4'],
  options: {
    analytics: { values: ['1', '2', '3'], default: '1', help: 'instances of analytics-service' },
    outcomes: { values: ['recorded', 'random'], default: 'recorded', help: 'random: inventory decides all over again before the replay' },
  },
  async run(stage) {
    const { lab, check, options } = stage;
    if (options.analytics !== '1') await lab.scale(analytics, Number(options.analytics));
    await lab.waitForMembers(analytics, Number(options.analytics));
    await lab.burst(count);
    await lab.waitDrained();
    const before = await lab.saveMetrics('metrics_initial.txt');
    check('there is something to replay', { measured: (await lab.counted()).orders, equals: count, lookAt: './lab metrics' });
    if (options.outcomes === 'random') await drawAgain(stage, before);
    else await readAgain(stage, before);
    checkLedger(check, await lab.ledger(), count);
  },
});

/** Outcomes are in the log: however it is read again, the same comes out. */
async function readAgain({ lab, check, compare, say, options }: Stage, before: Metrics): Promise<void> {
  const instances = Array.from({ length: Number(options.analytics) }, (_, index) =>
    index === 0 ? analytics : `${analytics}.${index + 1}`,
  );
  const beganBefore = await Promise.all(instances.map((instance) => begunAtZero(lab, instance)));
  await lab.stop(analytics);
  await lab.resetOffsets(analytics, { topics: [lab.names.orders], to: 'earliest', by: 'kafka' });
  await lab.resetOffsets(analytics, { topics: [lab.names.inventory], to: 'earliest', by: 'kafka' });
  await lab.start(analytics);
  // While partitions still move, an answer is about those that have an owner.
  await lab.waitForMembers(analytics, instances.length);
  await lab.waitDrained();
  // Of several instances one may tell for a moment what another one told before the reset.
  const partitions = Object.keys(before.readings);
  await lab.waitUntil(
    'all figures were counted anew',
    ({ metrics }) => metrics !== undefined && areCountedAnew(before, metrics, partitions),
  );
  const after = await lab.saveMetrics('metrics_after_replay.txt');
  const beganAfter = await Promise.all(instances.map((instance) => begunAtZero(lab, instance)));
  const reread = beganAfter.flatMap((found, index) => found.slice(beganBefore[index]?.length));
  // Of several instances one may take all partitions for a moment, and another goes back in some of them again.
  check('analytics went back in every partition of both topics', {
    measured: new Set(reread).size,
    equals: 6,
    lookAt: './lab logs analytics-service',
  });
  check('the digest is the same after a reset of one topic after the other', {
    measured: after.digest,
    equals: before.digest,
    lookAt: 'diff metrics_initial.txt metrics_after_replay.txt, ./lab replay',
  });
  compare('Before, and after a reset by kafka-consumer-groups', before, after);

  const posted = await lab.replay();
  check('and after POST /replay', { measured: posted.after.digest, equals: before.digest, lookAt: './lab metrics, ./lab replay' });
  check('which says so itself', { measured: posted.identical, equals: true, lookAt: 'curl http://127.0.0.1:8002/replay/<id>' });
  say(`before          ${before.digest}`);
  say(`after the reset ${after.digest}`);
  say(`after /replay   ${posted.after.digest}`);
}

/** @returns each partition that an instance began at 0, as often as it did: it took it back, or had nothing of it, since it was another's before */
async function begunAtZero(lab: Stage['lab'], instance: string): Promise<string[]> {
  return (await lab.logs(instance)).flatMap(
    (line) => /partition assigned (topic=\S+ partition=\d+) action=\w+ offset=0 /.exec(line)?.[1] ?? [],
  );
}

/** What makes numbers differ: inventory decides again, and chance has another answer. Here chance is FAIL_SEED. */
async function drawAgain({ lab, check, compare, say }: Stage, before: Metrics): Promise<void> {
  const first = await decisionsOf(lab);
  let after = before;
  for (let draw = 1; draw <= mostDraws && after.digest === before.digest; draw += 1) {
    await lab.restartLab({ FAIL_SEED: `draw-${draw}-${Date.now()}` });
    await lab.stop(inventory);
    await lab.stop(analytics);
    await lab.remakeTopic(lab.names.inventory);
    await lab.resetOffsets(inventory, { to: 'earliest', by: 'kafka' });
    await lab.start(inventory);
    await lab.start(analytics);
    await lab.waitDrained();
    after = await lab.saveMetrics('metrics_after_replay.txt');
  }
  const second = await decisionsOf(lab);
  const others = [...first].filter(([orderId, outcome]) => second.get(orderId) !== outcome).length;
  compare('Before, and after the outcomes were drawn again', before, after);
  check('the same orders are there', { measured: after.total_orders, equals: before.total_orders, lookAt: './lab tail order-events' });
  check('but many of them have another outcome', { measured: others, atLeast: 1, unit: 'orders', lookAt: './lab tail inventory-events' });
  check('so the digest differs', {
    measured: after.digest,
    expected: `another one than ${before.digest}`,
    held: after.digest !== before.digest,
    lookAt: './lab metrics: Failed reservations, before and after',
  });
  say(`before ${before.digest}, ${before.failure_rate_pct}% failed`);
  say(`after  ${after.digest}, ${after.failure_rate_pct}% failed`);
  say(
    'a replay that decides again replays chance, not the log: so an outcome is decided once and recorded, and analytics reads the record',
  );
}

const decisionsOf = async (lab: Stage['lab']): Promise<Map<string, string>> =>
  new Map((await lab.read(lab.names.inventory)).map(({ key, value }) => [key ?? '', (value as { action: string }).action]));
