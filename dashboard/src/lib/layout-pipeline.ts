/** Where everything in the live picture stands: left to right where there is room, top to bottom on a phone. */

export type Box = { x: number; y: number; w: number; h: number };

export type PipelineLayout = {
  /** Top to bottom instead of left to right. */
  narrow: boolean;
  height: number;
  source: Box;
  inputs: Box[];
  instances: Box[];
  outputs: Box[];
  sink: Box;
  /** Those who tell customers, beside the sink. */
  queue: Box;
  /** Path of the records of the first topic that the sink reads as well. */
  bypass: string;
  /** Where the label of the bypass stands. */
  bypassLabel: { x: number; y: number };
};

export type PipelineSize = { width: number; inputs: number; instances: number; outputs: number };

const narrowBelow = 720;
const partitionHeight = 72;
const instanceHeight = 66;
const gap = 8;
const queueHeight = 66;
const sinkHeight = 130;
/** Room between the queue and the sink, for a word above the sink. */
const sinkGap = 22;
const endHeight = queueHeight + sinkGap + sinkHeight;
/** Room above each column for its name (px); on a phone for the rate above that, too. */
const heading = 40;
const phoneHeading = 58;

/** @param size width in px, and how many of each there are */
export const layoutPipeline = (size: PipelineSize): PipelineLayout => (size.width < narrowBelow ? downwards(size) : sideways(size));

function sideways({ width, inputs, instances, outputs }: PipelineSize): PipelineLayout {
  const end = clamp(width * 0.12, 96, 190);
  const middle = clamp(width * 0.16, 108, 240);
  const partition = clamp(width * 0.172, 112, 270);
  const space = (width - 2 * end - middle - 2 * partition) / 4;
  const body = Math.max(
    stackHeight(inputs, partitionHeight),
    stackHeight(instances, instanceHeight),
    stackHeight(outputs, partitionHeight),
    endHeight,
  );
  const column = (x: number, w: number, n: number, h: number): Box[] => {
    const top = heading + (body - stackHeight(n, h)) / 2;
    return Array.from({ length: n }, (_, i) => ({ x, w, h, y: top + i * (h + gap) }));
  };
  const middleY = heading + body / 2;
  const source = { x: 1, w: end, h: 110, y: middleY - 55 };
  const queue = { x: width - end - 1, w: end, h: queueHeight, y: middleY - endHeight / 2 };
  const sink = { ...queue, h: sinkHeight, y: queue.y + queueHeight + sinkGap };
  const inputX = end + space;
  const floor = heading + body + 22;
  const from = { x: inputX + partition / 2, y: heading + (body + stackHeight(inputs, partitionHeight)) / 2 };
  const to = { x: sink.x + sink.w / 2, y: sink.y + sink.h };
  return {
    narrow: false,
    height: floor + 14,
    source,
    inputs: column(inputX, partition, inputs, partitionHeight),
    instances: column(inputX + partition + space, middle, instances, instanceHeight),
    outputs: column(inputX + partition + 2 * space + middle, partition, outputs, partitionHeight),
    sink,
    queue,
    bypass: `M${from.x},${from.y} V${floor - 8} Q${from.x},${floor} ${from.x + 8},${floor} H${to.x - 8} Q${to.x},${floor} ${to.x},${floor - 8} V${to.y}`,
    bypassLabel: { x: (from.x + to.x) / 2, y: floor },
  };
}

function downwards({ width, inputs, instances, outputs }: PipelineSize): PipelineLayout {
  const side = 18;
  const inner = width - 2 * side;
  let y = 0;
  const band = (n: number, h: number): Box[] => {
    const perRow = Math.min(3, Math.max(1, n));
    const w = (inner - (perRow - 1) * 8) / perRow;
    y += phoneHeading;
    const boxes = Array.from({ length: n }, (_, i) => ({
      x: side + (i % perRow) * (w + 8),
      y: y + Math.floor(i / perRow) * (h + gap),
      w,
      h,
    }));
    y += Math.max(1, Math.ceil(n / perRow)) * (h + gap) - gap;
    return boxes;
  };
  const source = { x: side, y: 1, w: inner, h: 62 };
  y = 63;
  const inputBoxes = band(inputs, partitionHeight);
  const instanceBoxes = band(instances, instanceHeight);
  const outputBoxes = band(outputs, partitionHeight);
  y += 52;
  const half = (inner - gap) / 2;
  const queue = { x: side, y, w: half, h: 92 };
  const sink = { ...queue, x: side + half + gap };
  const last = inputBoxes[0] ?? source;
  const [fromY, toY, edge] = [last.y + last.h / 2, sink.y + 30, width - 5];
  return {
    narrow: true,
    height: y + 92 + 4,
    source,
    inputs: inputBoxes,
    instances: instanceBoxes,
    outputs: outputBoxes,
    sink,
    queue,
    bypass: `M${width - side},${fromY} H${edge - 6} Q${edge},${fromY} ${edge},${fromY + 6} V${toY - 6} Q${edge},${toY} ${edge - 6},${toY} H${width - side}`,
    bypassLabel: { x: edge, y: (fromY + toY) / 2 },
  };
}

/** Where a line comes from and goes to: the boxes of both kinds, which it must not run behind, since it would look as if it ended there. */
export type Bands = { leaving?: readonly Box[]; entering?: readonly Box[] };

/** @returns the path of a line from the one box to the other */
export function curve(from: Box, to: Box, narrow: boolean, { leaving = [], entering = [] }: Bands = {}): string {
  if (narrow) return downwardsCurve(from, to, leaving, entering);
  const [x1, y1, x2, y2] = [from.x + from.w, from.y + from.h / 2, to.x, to.y + to.h / 2];
  const bend = (x2 - x1) / 2;
  return `M${x1},${y1} C${x1 + bend},${y1} ${x2 - bend},${y2} ${x2},${y2}`;
}

/** Past further rows of its own kind, and past those before the one that it goes to, it runs in the gap beside them. */
function downwardsCurve(from: Box, to: Box, leaving: readonly Box[], entering: readonly Box[]): string {
  let [x, y] = [from.x + from.w / 2, from.y + from.h];
  let path = `M${x},${y}`;
  const goTo = (toX: number, toY: number): void => {
    const bend = (toY - y) / 2;
    path += ` C${x},${y + bend} ${toX},${toY - bend} ${toX},${toY}`;
    [x, y] = [toX, toY];
  };
  const below = Math.max(y, ...leaving.map((box) => box.y + box.h));
  if (below > y) {
    goTo(from.x + from.w + gap / 2, y + gap);
    path += ` V${below}`;
    y = below;
  }
  const above = Math.min(to.y, ...entering.map((box) => box.y));
  if (above < to.y) {
    goTo(to.x - gap / 2, above);
    path += ` V${to.y - gap}`;
    y = to.y - gap;
  }
  goTo(to.x + to.w / 2, to.y);
  return path;
}

const stackHeight = (n: number, h: number): number => Math.max(0, n * (h + gap) - gap);
const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));
