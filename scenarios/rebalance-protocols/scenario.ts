import { groupProtocols, heartbeatIntervalMs, sessionTimeoutMs } from '../../src/kafka/consumer/group-protocol.ts';
import { checkLedger } from '../../src/order-lab/scenario/check-ledger.ts';
import { defineScenario, type Stage } from '../../src/order-lab/scenario/define-scenario.ts';
import { type Change, type StandStill, standStill } from './stand-still.ts';

const partitions = 3;
const inventory = 'inventory-service';
/** An order waits for its batch, up to 100 ms, and for the transaction; one that waits for longer than this was held up (ms). */
const lateMs = 500;
/** A killed member is noticed after 6 s; so long a change is watched (s). */
const sessionSec = 8;

type Lab = Stage['lab'];

const session = `${sessionTimeoutMs / 1000} s`;
const dueTo = [
  ['classic', 'all give up all, and the slowest to join is waited for', 'max.poll.interval.ms at most', '90 s'],
  ['classic', 'a member that was killed is noticed by its session', 'session.timeout.ms', session],
  [
    'consumer',
    'what moves waits for a heartbeat of who has it, then for one of who gets it',
    'group.consumer.heartbeat.interval.ms',
    `${heartbeatIntervalMs / 1000} s`,
  ],
  ['consumer', 'a change that follows another waits: the broker shares out so seldom', 'group.consumer.assignment.interval.ms', '1 s'],
  ['consumer', 'a member that was killed is noticed by its session', 'group.consumer.session.timeout.ms', session],
];

/** The same changes of membership for each protocol, in this order, beginning with one member. */
const changes: [what: string, make: (lab: Lab) => Promise<void>][] = [
  ['a second member joins', (lab) => lab.scale(inventory, 2)],
  ['a third one joins', (lab) => lab.scale(inventory, 3)],
  ['one leaves', (lab) => lab.scale(inventory, 2)],
  ['one is killed, and started again', (lab) => lab.kill(`${inventory}.1`)],
];

export default defineScenario({
  title: 'Rebalance protocols: who stands still while the group changes',
  summary: 'Members join, leave and die under load, by the classic protocol and by that of KIP-848: which partitions wait.',
  exercises: [],
  needsOwnLab: true,
  options: { rate: { between: [1, 1000], default: '100', help: 'orders per second' } },
  async run(stage) {
    const { lab, check, table, picture, say, options } = stage;
    const rows: (string | number)[][] = [];
    const series: { name: string; values: number[] }[] = [];
    let orders = 0;
    for (const protocol of groupProtocols) {
      say(`the group goes by the protocol "${protocol}" from now on`);
      await lab.restartLab({ GROUP_PROTOCOL: protocol });
      const { sent, held } = await changeTheGroup(lab, Number(options.rate));
      orders += sent;
      series.push({ name: protocol, values: held.map(([, { longestMs }]) => Math.round(Math.max(...longestMs) / 100) / 10) });
      for (const [what, { longestMs, late }] of held) {
        const stood = longestMs.filter((ms) => ms > lateMs).length;
        rows.push([what, protocol, ...longestMs.map((ms) => `${(ms / 1000).toFixed(1)} s`), `${stood} of ${partitions}`, late]);
      }
    }
    rows.sort(([one], [other]) => placeOf(one) - placeOf(other));
    const columns = Array.from({ length: partitions }, (_, partition) => `Partition ${partition}`);
    table(
      `The longest wait for a decision, from the request for the change until it was over; late: more than ${lateMs} ms`,
      ['Change', 'Protocol', ...columns, 'Stood still', 'Orders late'],
      rows,
    );
    table('What these figures are due to', ['Protocol', 'What', 'Setting', 'Here'], dueTo);
    picture({
      title: 'The longest wait for a decision while the group changes',
      over: { name: 'change', values: changes.map(([what]) => what) },
      ...{ unit: 'seconds', series },
    });
    checkLedger(check, await lab.ledger(), orders);
  },
});

const placeOf = (what: string | number | undefined): number => changes.findIndex(([one]) => one === what);

/** Makes all changes under load. @returns how many orders were sent, and what each change held up */
async function changeTheGroup(lab: Lab, ratePerSec: number): Promise<{ sent: number; held: [what: string, held: StandStill][] }> {
  const load = lab.load({ ratePerSec });
  const made: [what: string, when: Change][] = [];
  for (const [what, make] of changes) {
    await lab.watch(2);
    const from = Date.now();
    await make(lab);
    await lab.waitHealthy();
    await lab.watch(sessionSec);
    made.push([what, { from, to: Date.now() }]);
  }
  const { orders: sent } = await load.finish();
  await lab.waitDrained();
  const [orders, decisions] = [await lab.read(lab.names.orders), await lab.read(lab.names.inventory)];
  return { sent, held: made.map(([what, when]) => [what, standStill(orders, decisions, when, { partitions, lateMs })]) };
}
