import assert from 'node:assert/strict';
import test from 'node:test';
import type { Box } from '../../dashboard/src/lib/layout-pipeline.ts';
import { layoutSystem, serviceId, topicId } from '../../dashboard/src/lib/layout-system.ts';
import type { ServiceFacts } from '../../src/order-lab/wire/all.ts';

const service = (name: string, reads: string[], writes: string[]): ServiceFacts => ({ name, most: 3, group: name, reads, writes });
const layout = (services: ServiceFacts[], { width = 1010, partitions = 3, processes = 2 } = {}) => {
  const names = [...new Set(services.flatMap(({ reads, writes }) => [...reads, ...writes]))];
  const topics = names.map((name) => ({ name, partitions }));
  return layoutSystem({ width, services, topics, processes: () => processes, readers: () => 2 });
};
const overlap = (a: Box, b: Box): boolean => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

test('each stands right of all that it comes from', () => {
  const { boxes } = layout([service('a', ['in'], ['middle']), service('b', ['middle', 'in'], ['out'])]);
  const x = [topicId('in'), serviceId('a'), topicId('middle'), serviceId('b'), topicId('out')].map((id) => boxes.get(id)?.x ?? -1);
  assert.deepEqual(
    x,
    x.toSorted((one, other) => one - other),
  );
  assert.equal(new Set(x).size, 5);
});

test('a circle is drawn with one line that leads back', () => {
  const { edges, boxes } = layout([service('a', ['x'], ['y']), service('b', ['y'], ['x'])]);
  assert.equal(boxes.size, 4);
  assert.deepEqual(
    edges.filter(({ back }) => back).map(({ from, to }) => [from, to]),
    [['service b', 'topic x']],
  );
  const itself = layout([service('again', ['x'], ['x'])]);
  assert.equal(itself.edges.filter(({ back }) => back).length, 1);
});

test('one to eight services and topics of up to twelve partitions: nothing overlaps, nothing is cut off', () => {
  const chain = Array.from({ length: 8 }, (_, i) => service(`s${i}`, i === 0 ? [] : [`t${i - 1}`], [`t${i}`]));
  const fan = Array.from({ length: 8 }, (_, i) => service(`s${i}`, ['in'], [`out${i}`]));
  for (const services of [chain, fan, [service('only', [], [])]])
    for (const width of [240, 390, 719, 720, 1010, 2400])
      for (const partitions of [1, 12]) {
        const { boxes, height } = layout(services, { width, partitions, processes: partitions });
        const all = [...boxes.values()];
        for (const [i, box] of all.entries()) {
          assert.ok(
            box.x >= 0 && box.w > 0 && box.y >= 0 && box.x + box.w <= width + 0.01 && box.y + box.h <= height,
            `inside at ${width}`,
          );
          for (const other of all.slice(i + 1)) assert.ok(!overlap(box, other), `no overlap at ${width}`);
        }
      }
});
