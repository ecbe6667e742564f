import assert from 'node:assert/strict';
import test from 'node:test';
import { type Box, layoutPipeline } from '../../dashboard/src/lib/layout-pipeline.ts';

const overlap = (a: Box, b: Box): boolean => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

test('nothing overlaps and nothing is cut off, from a phone to a wall', () => {
  for (const width of [240, 306, 390, 719, 720, 1010, 2400])
    for (const [inputs, instances] of [
      [3, 1],
      [3, 4],
      [1, 0],
      [12, 16],
    ] as const) {
      const { source, sink, queue, height, ...columns } = layoutPipeline({ width, inputs, instances, outputs: inputs });
      const boxes = [source, ...columns.inputs, ...columns.instances, ...columns.outputs, sink, queue];
      const where = `${width} px, ${inputs} partitions, ${instances} instances`;
      for (const [i, box] of boxes.entries()) {
        assert.ok(box.x >= 0 && box.y >= 0 && box.x + box.w <= width && box.y + box.h <= height, `inside at ${where}`);
        for (const other of boxes.slice(i + 1)) assert.ok(!overlap(box, other), `no overlap at ${where}`);
      }
    }
});

test('a phone is drawn from top to bottom, a desktop from left to right', () => {
  const phone = layoutPipeline({ width: 390, inputs: 3, instances: 3, outputs: 3 });
  const desktop = layoutPipeline({ width: 1010, inputs: 3, instances: 3, outputs: 3 });
  assert.ok(phone.narrow && phone.source.y < phone.sink.y);
  assert.ok(!desktop.narrow && desktop.source.x < desktop.sink.x);
});
