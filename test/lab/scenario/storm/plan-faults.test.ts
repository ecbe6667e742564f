import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planFaults } from '../../../../src/lab/scenario/storm/plan-faults.ts';

const hour = { seed: '7', forSec: 3600, gapSec: [3, 15], scale: 2 } as const;

test('the same seed plans the same faults, another one others', () => {
  assert.deepEqual(planFaults(hour), planFaults(hour));
  assert.notDeepEqual(planFaults(hour), planFaults({ ...hour, seed: '8' }));
});

test('faults keep their distance and end with the storm', () => {
  const times = planFaults(hour).map(({ atSec }) => atSec);
  assert.ok(
    times.every((at, index) => at < 3600 && (index === 0 || (at - (times[index - 1] ?? 0) >= 3 && at - (times[index - 1] ?? 0) <= 15))),
  );
});

test('every kind of fault comes, and only instances are struck that are there', () => {
  const faults = planFaults(hour);
  const kinds = new Set(faults.map((fault) => (fault.kind === 'scale' ? 'scale' : `${fault.kind} ${fault.process.replace(/\.\d+$/, '')}`)));
  const services = ['analytics-service', 'inventory-service', 'kafka', 'order-service'];
  assert.deepEqual([...kinds].sort(), [...services.map((name) => `freeze ${name}`), ...services.map((name) => `kill ${name}`), 'scale']);
  let instances: number = hour.scale;
  for (const fault of faults) {
    if (fault.kind === 'scale') {
      assert.notEqual(fault.count, instances);
      instances = fault.count;
    } else assert.ok(Number(/\.(\d+)$/.exec(fault.process)?.[1] ?? 1) <= instances, `${fault.process} of ${instances}`);
  }
});
