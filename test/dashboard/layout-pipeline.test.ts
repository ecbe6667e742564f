import assert from 'node:assert/strict';
import test from 'node:test';
import { type Bands, type Box, curve, layoutPipeline } from '../../dashboard/src/lib/layout-pipeline.ts';

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

/** @returns points along a path of `M`, `C` and `V`, close enough to each other that none steps over a box */
function pointsOf(path: string): { x: number; y: number }[] {
  let [x, y] = [0, 0];
  const points: { x: number; y: number }[] = [];
  for (const [, letter = '', text = ''] of path.matchAll(/([MCV])([^MCV]*)/g)) {
    const numbers = text.trim().split(/[ ,]+/).map(Number);
    const [x1 = 0, y1 = 0, x2 = 0, y2 = 0, x3 = 0, y3 = 0] = letter === 'V' ? [x, y, x, numbers[0], x, numbers[0]] : numbers;
    if (letter !== 'M') {
      for (let t = 0; t <= 1; t += 0.01) {
        const s = 1 - t;
        const along = (a: number, b: number, c: number, d: number) => s ** 3 * a + 3 * s * s * t * b + 3 * s * t * t * c + t ** 3 * d;
        points.push({ x: along(x, x1, x2, x3), y: along(y, y1, y2, y3) });
      }
    }
    [x, y] = letter === 'M' ? [x1, y1] : [x3, y3];
  }
  return points;
}

test('on a phone no line runs behind a box that it does not belong to', () => {
  for (const [inputs, instances] of [
    [3, 4],
    [3, 7],
    [6, 2],
    [8, 8],
  ] as const) {
    const layout = layoutPipeline({ width: 360, inputs, instances, outputs: inputs });
    const boxes = [layout.source, ...layout.inputs, ...layout.instances, ...layout.outputs, layout.sink];
    for (const [p, partition] of layout.inputs.entries()) {
      const [reader, output] = [layout.instances[p % instances], layout.outputs[p]];
      assert.ok(reader && output);
      const lines: [Box, Box, Bands][] = [
        [layout.source, partition, { entering: layout.inputs }],
        [partition, reader, { leaving: layout.inputs, entering: layout.instances }],
        [reader, output, { leaving: layout.instances, entering: layout.outputs }],
        [output, layout.sink, { leaving: layout.outputs }],
      ];
      for (const [from, to, bands] of lines) {
        const others = boxes.filter((box) => box !== from && box !== to);
        for (const { x, y } of pointsOf(curve(from, to, true, bands))) {
          const behind = others.find((box) => x > box.x && x < box.x + box.w && y > box.y && y < box.y + box.h);
          assert.equal(behind, undefined, `${inputs} partitions, ${instances} instances, partition ${p}: at ${x}, ${y}`);
          assert.ok(x >= 0 && x <= 360);
        }
      }
    }
  }
});
