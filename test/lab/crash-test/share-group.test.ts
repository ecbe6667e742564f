/** Workers of a share group in a crash test: what comes twice, what is lost, and that the end is waited for. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { System } from '../../../src/lab/systems/file/read-system.ts';
import { copierSystem, testSystem } from './stage.ts';

function workers(behaviour: string): System {
  const { services, ...system } = copierSystem(behaviour);
  const { group: _, ...copier } = services.copier ?? { command: [] };
  const more = { command: [process.execPath, 'worker.ts'], 'share-group': 'workers', instances: { start: 3, most: 4 } };
  return { ...system, services: { copier: { ...copier, ...more } } };
}

const tries = 3;
const inShort = { minutes: 0.2, kinds: ['kill', 'unreadable'] } as const;

suite('workers of a share group get the verdict that they deserve', { concurrency: true }, () => {
  test('whoever accepts after the work repeats what a kill leaves, and loses nothing', async (context) => {
    const run = (seed: number) => testSystem(context, { system: workers('correct'), seed: String(seed), ...inShort });
    let result = await run(1);
    // A kill may strike a worker that has nothing in hand: then the next seed's turn comes.
    for (let seed = 2; seed <= tries && result.verdict.repeated === 0; seed += 1) result = await run(seed);
    const { verdict, notBack, sometimes, said } = result;
    assert.deepEqual([verdict.lost, verdict.invented, verdict.poisoned, verdict.outOfOrder, verdict.unread], [0, 0, 0, 0, 0]);
    assert.ok(verdict.repeated > 0 && verdict.behavesAs === 'at-least-once');
    assert.deepEqual([notBack, verdict.cameBack], [[], true]);
    assert.ok(sometimes.some(({ situation, times }) => situation === 'a kill while records were being worked on' && times > 0));
    assert.ok(
      said.some((line) => /removed from .*3 topics, 1 group$/.test(line)),
      'the share group is removed too',
    );
  });

  test('whoever accepts before it loses', async (context) => {
    const { verdict } = await testSystem(context, { system: workers('accepts-before'), ...inShort });
    assert.ok(verdict.lost > 0 && verdict.behavesAs !== 'at-least-once' && verdict.behavesAs !== 'exactly-once');
  });
});
