import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planFaults } from '../../../../src/order-lab/scenario/load/storm-faults.ts';

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
  onlyWhatRuns(faults, { 'inventory-service': hour.scale, 'analytics-service': 1 });
  assert.ok(faults.every((fault) => fault.kind !== 'scale' || fault.service === 'inventory-service'));
});

test('several instances of analytics are scaled and struck one by one, too', () => {
  const faults = planFaults({ ...hour, analytics: 3 });
  onlyWhatRuns(faults, { 'inventory-service': hour.scale, 'analytics-service': 3 });
  assert.ok(faults.some((fault) => fault.kind === 'scale' && fault.service === 'analytics-service'));
  for (const process of ['analytics-service', 'analytics-service.2', 'analytics-service.3']) {
    assert.ok(
      faults.some((fault) => fault.kind === 'kill' && fault.process === process),
      process,
    );
  }
});

function onlyWhatRuns(faults: ReturnType<typeof planFaults>, running: Record<string, number>): void {
  for (const fault of faults) {
    if (fault.kind === 'scale') {
      assert.notEqual(fault.count, running[fault.service]);
      running[fault.service] = fault.count;
      continue;
    }
    const [, service = '', number = '1'] = /^([a-z-]+)(?:\.(\d+))?$/.exec(fault.process) ?? [];
    assert.ok(Number(number) <= (running[service] ?? 1), `${fault.process} of ${running[service]}`);
  }
}
