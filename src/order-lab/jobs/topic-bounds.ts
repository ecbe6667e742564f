/** Where the partitions of a topic begin and end, and where a search in it should start. */
import { ReplaygroundError } from '../../kafka/errors.ts';
import type { KafkaInspector, OffsetAt } from '../../kafka/groups/inspector.ts';
import type { Bounds } from '../../kafka/reading/tail-topic.ts';

type Asker = Pick<KafkaInspector, 'ask'>;

/**
 * @param only one partition, or all
 * @throws ReplaygroundError `no-topic`
 */
export async function boundsOf(inspector: Asker, topic: string, only?: number): Promise<Bounds[]> {
  const all = await inspector.ask('partitionsOf', [topic]);
  const partitions = all.filter(({ partition }) => only === undefined || partition === only);
  if (partitions.length === 0) {
    const what = all.length === 0 ? `there is no topic ${topic}` : `${topic} has no partition ${only}`;
    throw new ReplaygroundError('no-topic', what);
  }
  const [lows, ends] = await Promise.all([
    inspector.ask('offsets', partitions, 'earliest'),
    inspector.ask('offsets', partitions, 'latest'),
  ]);
  // A partition that cannot be read does not keep the others from being read.
  return partitions.map((one, index) => {
    const latest = ends[index]?.offset ?? 0;
    return { ...one, earliest: lows[index]?.offset ?? latest, latest };
  });
}

/** @returns the bounds from that offset or time on */
export async function boundsFrom(
  inspector: Asker,
  bounds: readonly Bounds[],
  from: { offset: number } | { at: OffsetAt },
): Promise<Bounds[]> {
  const starts =
    'offset' in from ? bounds.map(() => from.offset) : (await inspector.ask('offsets', bounds, from.at)).map(({ offset }) => offset ?? -1);
  return bounds.map((one, index) => {
    const start = starts[index] ?? -1;
    return { ...one, earliest: start < 0 ? one.latest : Math.min(one.latest, Math.max(one.earliest, start)) };
  });
}
