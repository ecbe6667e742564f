/** What the lab foretells on real Kafka, held against what then comes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GroupView } from '../../../../src/lab/wire/all.ts';
import { startRealLab } from '../../../order-lab/fixtures/real-lab.ts';
import { until } from '../../../support/until.ts';

/** On a machine that is busy one drain may be slowed down halfway; and labs on one Kafka share their settings topic: another test may set something. */
const mostTries = 3;
const wantedError = 0.2;

test('a forecast that is ten seconds old when the lag is gone was within 20%', async () => {
  await using lab = await startRealLab();
  const group = async (): Promise<GroupView | undefined> =>
    (await lab.get<GroupView[]>('/api/groups')).find(({ service }) => service === 'inventory-service');
  const errors: number[] = [];
  while (errors.length < mostTries && !errors.some((error) => error <= wantedError)) {
    await lab.post('/api/settings/inventory-service', { throttleMs: 10 });
    const before = (await group())?.scored.length ?? 0;
    await lab.post('/api/burst', { count: 2000 });
    await until(async () => /gone in about/.test((await group())?.goneText ?? ''), { what: 'it is known when the lag is gone' });
    const scored = await until(
      async () => {
        const now = await group();
        return now && now.totalLag === 0 && now.scored.length > before && now.scored.at(-1);
      },
      { what: 'the forecast is scored' },
    );
    errors.push(scored.replacedBy === null ? Math.abs(scored.errorSec) / scored.drainSec : Number.POSITIVE_INFINITY);
  }
  assert.ok(
    errors.some((error) => error <= wantedError),
    `off by ${errors.map((error) => `${Math.round(error * 100)}%`).join(', ')}`,
  );
});
