import { setTimeout as sleep } from 'node:timers/promises';
import { readDeadLetters } from '../../src/kafka/dead-letters/read-letters.ts';
import { KafkaInspector } from '../../src/kafka/groups/inspector.ts';
import { redriveLetters } from '../../src/kafka/redrive/send-back.ts';
import { checkLedger } from '../../src/order-lab/scenario/check-ledger.ts';
import { defineScenario, type Stage } from '../../src/order-lab/scenario/define-scenario.ts';
import { rateIn } from './rates.ts';
import { type Told, toldOf } from './told.ts';

const partitions = 3;
const counts = [1, 3, 6, 9] as const;
const throttleMs = 10;
const inventory = 'inventory-service';
const notification = 'notification-service';
/** How long each number of workers is measured, and how long it is left to itself before (s). */
const measuredSec = 6;
const settlingSec = 6;
const beginSec = 2;
/** Enough for the consumer group, at most 300 a second; for the share group, at most 900, there are as many again twice. */
const backlog = 11_000;
/** Longer than a lock of the share group, so that what a frozen worker has is given to others (s). */
const frozenSec = 18;
const patienceSec = 180;

type Lab = Stage['lab'];

export default defineScenario({
  title: 'Queue: more workers than partitions',
  summary: 'One, 3, 6 and 9 workers on 3 partitions, 10 ms a record: a consumer group stops at 3, a share group goes on.',
  exercises: [],
  needsOwnLab: true,
  async run({ lab, check, table, picture, say }) {
    // inventory-service is the consumer group, with the same time for each record.
    await lab.set(inventory, { throttleMs, paused: true });
    await lab.burst(backlog);
    const grouped = await measure(lab, inventory, lab.names.inventory);
    await lab.set(inventory, { throttleMs: 1, paused: false });
    await lab.scale(inventory, partitions);
    let orders = backlog + (await lab.burst(backlog)).produced;
    await lab.waitDrained(inventory, { withinSec: patienceSec });
    const shared = await measure(lab, notification, lab.names.notifications);
    table(
      `Records a second at ${throttleMs} ms a record, on ${partitions} partitions`,
      ['Workers', 'Consumer group', 'of one', 'Share group', 'of one'],
      counts.map((count, index) => [count, ...figures(grouped, index), ...figures(shared, index)]),
    );
    picture({
      title: 'What more workers give',
      over: { name: `workers, on ${partitions} partitions`, values: counts },
      unit: 'records/s',
      series: [
        { name: 'Consumer group', values: grouped.map(Math.round) },
        { name: 'Share group', values: shared.map(Math.round) },
      ],
    });
    const [groupFactor, shareFactor] = [grouped, shared].map((rates) => (rates.at(-1) ?? 0) / (rates[0] ?? 1)) as [number, number];
    check('nine members of a consumer group do what three do: no more than there are partitions', {
      ...{ measured: groupFactor, atMost: partitions * 1.2, unit: 'times one' },
      lookAt: './lab lag inventory-service-group: who has a partition',
    });
    check('nine workers of a share group do at least eight times what one does', {
      ...{ measured: shareFactor, atLeast: 8, unit: 'times one' },
      lookAt: './lab lag --members notification-workers, and how busy the machine is',
    });

    say('a worker is killed and another one stands still for longer than its locks last, under load');
    await lab.set(notification, { throttleMs: 1 });
    await lab.scale(notification, 6);
    orders += (await lab.burst(3000, { ratePerSec: 500 })).produced;
    await lab.kill(`${notification}.1`);
    await lab.freeze(`${notification}.2`);
    await lab.kill(`${notification}.3`);
    await lab.watch(frozenSec);
    await lab.thaw(`${notification}.2`);
    await lab.waitHealthy();
    await lab.waitDrained(inventory, { withinSec: patienceSec });
    const told = await everybodyTold(lab);
    table('Who was told', ['Once', 'Again', 'Repeats', 'Never'], [[told.once, told.again, told.repeats, told.untold]]);
    check('every customer is told, though workers were killed and frozen', {
      ...{ measured: told.untold, equals: 0 },
      lookAt: './lab ledger',
    });

    say('one decision fails five times');
    await lab.set(notification, { throttleMs: 0, failRate: 1 });
    await lab.order({ items: [{ sku: 'queue', qty: 1 }] });
    orders += 1;
    const letters = await untilSome(() => lab.read(lab.names.notificationsDlq));
    check('what failed five times is in the dead letters, written by the broker', {
      measured: letters[0]?.headers.find(([name]) => name === '__dlq.errors.delivery.count')?.[1],
      ...{ equals: '5', lookAt: './lab dlq list notifications' },
    });
    await lab.set(notification, null);
    const before = (await lab.read(lab.names.notifications)).length;
    const sent = await sendLettersBack(lab);
    say(`./lab dlq redrive notifications --all --execute: ${sent} sent back`);
    const after = await untilSome(async () => (await lab.read(lab.names.notifications)).slice(before));
    check('after its redrive it is told', { measured: after.length, equals: 1, lookAt: './lab tail notifications' });
    checkLedger(check, await lab.ledger(), orders);
  },
});

const figures = (rates: readonly number[], index: number): string[] => [
  `${Math.round(rates[index] ?? 0)}/s`,
  `${((rates[index] ?? 0) / (rates[0] ?? 1)).toFixed(1)} x`,
];

/**
 * The backlog is kept for the windows: workers pause while others are started.
 * @param topic what the service writes, a record for each that it reads
 * @returns records per second, for each number of workers
 */
async function measure(lab: Lab, service: typeof inventory | typeof notification, topic: string): Promise<number[]> {
  const windows: [from: number, to: number][] = [];
  for (const count of counts) {
    await lab.set(service, { throttleMs, paused: true });
    await lab.scale(service, count);
    await lab.watch(settlingSec);
    await lab.set(service, { throttleMs, paused: false });
    // A worker begins with what it had waited for.
    await lab.watch(beginSec);
    const from = Date.now();
    await lab.watch(measuredSec);
    windows.push([from, Date.now()]);
  }
  const written = await lab.read(topic);
  return windows.map(([from, to]) => rateIn(written, from, to));
}

async function everybodyTold(lab: Lab): Promise<Told> {
  const decisions = await lab.read(lab.names.inventory);
  const end = Date.now() + patienceSec * 1000;
  for (;;) {
    const told = toldOf(decisions, await lab.read(lab.names.notifications), await lab.read(lab.names.notificationsDlq));
    if (told.untold === 0 || Date.now() > end) return told;
    await sleep(2000);
  }
}

async function untilSome<T>(look: () => Promise<T[]>): Promise<T[]> {
  const end = Date.now() + patienceSec * 1000;
  for (;;) {
    const found = await look();
    if (found.length > 0 || Date.now() > end) return found;
    await sleep(1000);
  }
}

async function sendLettersBack(lab: Lab): Promise<number> {
  const config = { ...lab.kafka.librdkafka, 'client.id': 'scenario-queue' };
  using inspector = new KafkaInspector(config);
  const { records, ends } = await readDeadLetters({ inspector, config }, [lab.names.notificationsDlq], 'redriven');
  return (await redriveLetters({ inspector, config }, { records, ends, maxRedrives: 3, execute: true })).sent;
}
