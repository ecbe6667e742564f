/** Where the services and topics of a system stand: each right of what it comes from, top to bottom on a phone. Pure. */
import type { ServiceFacts } from '../../../src/order-lab/wire/all.ts';
import type { Box } from './layout-pipeline.ts';

export type SystemLayout = {
  narrow: boolean;
  height: number;
  boxes: Map<string, Box>;
  /** From a service to a topic that it writes, or from a topic to a service that reads it; `back`: against the direction of the rest. */
  edges: { from: string; to: string; back: boolean }[];
};

export type SystemSize = {
  width: number;
  services: readonly ServiceFacts[];
  topics: readonly { name: string; partitions: number }[];
  /** Processes of a service, by its name. */
  processes: (service: string) => number;
  /** Groups that read a topic, by its name. */
  readers: (topic: string) => number;
};

const narrowBelow = 720;
const margin = 2;
const gap = 14;
const leastSpace = 36;
const title = 30;
export const partitionRow = 20;
export const processRow = 34;

export const serviceId = (name: string): string => `service ${name}`;
export const topicId = (name: string): string => `topic ${name}`;

/** @returns boxes for all services and topics, and the lines between them */
export function layoutSystem({ width, services, topics, processes, readers }: SystemSize): SystemLayout {
  const known = new Set(topics.map(({ name }) => name));
  const links = services.flatMap(({ name, reads, writes }) => [
    ...reads.filter((topic) => known.has(topic)).map((topic) => ({ from: topicId(topic), to: serviceId(name) })),
    ...writes.filter((topic) => known.has(topic)).map((topic) => ({ from: serviceId(name), to: topicId(topic) })),
  ]);
  // Topics first: where there is a circle, it begins with the records.
  const heights = new Map([
    ...topics.map(
      ({ name, partitions }) => [topicId(name), title + Math.max(1, partitions) * (partitionRow + 7 * (readers(name) - 1)) + 6] as const,
    ),
    ...services.map(({ name }) => [serviceId(name), title + Math.max(1, processes(name)) * processRow] as const),
  ]);
  const ids = [...heights.keys()];
  const { ranks, back } = ranksOf(ids, links);
  const columns = [...Map.groupBy(ids, (id) => ranks.get(id) ?? 0)].sort(([a], [b]) => a - b).map(([, column]) => column);
  const narrow = width < narrowBelow;
  const boxes = narrow ? stacked(columns, heights, width) : sideBySide(columns, heights, width);
  const bottom = Math.max(0, ...[...boxes.values()].map(({ y, h }) => y + h));
  const edges = links.map((link) => ({ ...link, back: back.has(`${link.from} ${link.to}`) }));
  // A way back runs below everything.
  return { narrow, height: bottom + margin + (edges.some((edge) => edge.back) ? 26 : 0), boxes, edges };
}

type Link = { from: string; to: string };

/** The longest way from a beginning; a link that closes a circle counts for nothing. */
function ranksOf(ids: readonly string[], links: readonly Link[]): { ranks: Map<string, number>; back: Set<string> } {
  const back = new Set<string>();
  const done = new Set<string>();
  const onTheWay = new Set<string>();
  const order: string[] = [];
  const next = (id: string): string[] => links.filter(({ from }) => from === id).map(({ to }) => to);
  const visit = (id: string): void => {
    if (done.has(id)) return;
    onTheWay.add(id);
    for (const to of next(id)) {
      if (onTheWay.has(to)) back.add(`${id} ${to}`);
      else visit(to);
    }
    onTheWay.delete(id);
    done.add(id);
    order.unshift(id);
  };
  const reached = new Set(links.map(({ to }) => to));
  for (const id of [...ids.filter((one) => !reached.has(one)), ...ids]) visit(id);
  const ranks = new Map<string, number>();
  for (const id of order) {
    const before = links.filter(({ from, to }) => to === id && !back.has(`${from} ${to}`)).map(({ from }) => ranks.get(from) ?? 0);
    ranks.set(id, before.length === 0 ? 0 : Math.max(...before) + 1);
  }
  return { ranks, back };
}

function sideBySide(columns: readonly string[][], heights: ReadonlyMap<string, number>, width: number): Map<string, Box> {
  const n = columns.length;
  const w = Math.min(240, (width - 2 * margin - (n - 1) * leastSpace) / n);
  const space = n === 1 ? 0 : (width - 2 * margin - n * w) / (n - 1);
  const tall = Math.max(...columns.map((column) => heightOf(column, heights)));
  return new Map(
    columns.flatMap((column, place) => {
      let y = margin + (tall - heightOf(column, heights)) / 2;
      return column.map((id): [string, Box] => {
        const box = { x: margin + place * (w + space), y, w, h: heights.get(id) ?? 0 };
        y += box.h + gap;
        return [id, box];
      });
    }),
  );
}

function stacked(columns: readonly string[][], heights: ReadonlyMap<string, number>, width: number): Map<string, Box> {
  let y = margin;
  return new Map(
    columns.flatMap((column) => {
      const boxes = column.map((id): [string, Box] => {
        const box = { x: 14, y, w: width - 28, h: heights.get(id) ?? 0 };
        y += box.h + gap;
        return [id, box];
      });
      y += gap;
      return boxes;
    }),
  );
}

const heightOf = (column: readonly string[], heights: ReadonlyMap<string, number>): number =>
  column.reduce((sum, id) => sum + (heights.get(id) ?? 0) + gap, -gap);

/** @returns the path of a line back to an earlier box, below all others */
export function wayBack(from: Box, to: Box, bottom: number): string {
  const [x1, y1, x2, y2] = [from.x + from.w / 2, from.y + from.h, to.x + to.w / 2, to.y + to.h];
  return `M${x1},${y1} C${x1},${bottom} ${x1},${bottom} ${x1 - 30},${bottom} H${x2 + 30} C${x2},${bottom} ${x2},${bottom} ${x2},${y2}`;
}
