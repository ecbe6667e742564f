import { checkLedger } from '../../src/order-lab/scenario/check-ledger.ts';
import { defineScenario } from '../../src/order-lab/scenario/define-scenario.ts';
import type { DeadLetter } from '../../src/order-lab/scenario/lab-steps.ts';
import { bytesOf, type Poison, poisonOf, recordOf } from './poison.ts';

const half = 500;
const lookAt = './lab dlq list';

export default defineScenario({
  title: 'Poison messages: set aside with the reason, the stream goes on',
  summary: 'Garbage, bad UTF-8, tombstones, wrong keys: each a dead letter with reason and bytes; a replay writes none again.',
  exercises: [],
  async run({ lab, check, compare, say }) {
    const poison = poisonOf(`poison-${Date.now()}`);
    await lab.burst(half);
    await lab.send(`${poison.length} records that nobody can read`, poison.map(recordOf));
    await lab.burst(half);
    await lab.waitDrained();

    const letters = await lab.deadLetters(lab.names.orders);
    check('there is one dead letter for each of them', { measured: letters.length, equals: poison.length, lookAt });
    for (const one of poison) {
      const letter = letters.find(({ key, bytes }) => key === one.key && isSame(bytes, bytesOf(one)));
      check(`${one.what}: ${one.reason}`, { measured: letter?.reason, equals: one.reason, lookAt });
    }
    check('key and bytes are untouched, a tombstone is one still', {
      measured: poison.filter((one) => hasLetter(letters, one)).length,
      equals: poison.length,
      lookAt: './lab dlq show order-events 0:0',
    });

    say('what cannot be read in inventory-events is set aside by analytics');
    const foreign = { what: 'garbage', reason: 'bad-json', key: 'nobody', value: 'no decision at all' };
    await lab.send('garbage to inventory-events', [{ ...foreign, topic: lab.names.inventory }]);
    await lab.waitDrained();
    check('it has its dead letter too', {
      measured: (await lab.deadLetters(lab.names.inventory)).filter((letter) => hasLetter([letter], foreign)).length,
      equals: 1,
      lookAt,
    });

    const counted = await lab.counted();
    check('the stream went on: the orders before and after are counted', {
      measured: counted.orders,
      equals: 2 * half,
      lookAt: './lab lag',
    });
    check('and so are the dead letters', { measured: counted.deadLetters, equals: poison.length + 1, lookAt: './lab metrics' });
    const ledger = await lab.ledger();
    check("as many as a reader of the scenario's own finds in order-events", {
      measured: ledger.unreadable,
      equals: poison.length,
      lookAt: './lab tail order-events --from earliest -e',
    });
    checkLedger(check, ledger, 2 * half);

    const { before, after, identical } = await lab.replayByReset();
    compare('Before and after a replay', before, after);
    check('a replay gives the same digest', { measured: identical, equals: true, lookAt: './lab replay' });
    const all = [...(await lab.deadLetters(lab.names.orders)), ...(await lab.deadLetters(lab.names.inventory))];
    check('and writes no dead letter again', { measured: all.length, equals: poison.length + 1, lookAt });
  },
});

const hasLetter = (letters: readonly DeadLetter[], one: Poison): boolean =>
  letters.some(({ key, bytes, reason }) => key === one.key && reason === one.reason && isSame(bytes, bytesOf(one)));

const isSame = (a: Buffer | null, b: Buffer | null): boolean => (a === null || b === null ? a === b : a.equals(b));
