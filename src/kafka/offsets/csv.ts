/** Offsets as CSV in the form of Kafka's own tool, so that its `--from-file` and ours read each other's files. */
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { ReplaygroundError } from '../../errors.ts';
import type { PartitionOffset } from './plan.ts';

/** @returns lines `topic,partition,offset` */
export const formatOffsets = (offsets: readonly PartitionOffset[]): string =>
  stringify(offsets.map(({ topic, partition, offset }) => [topic, partition, offset]));

/**
 * @param text lines `topic,partition,offset` or `group,topic,partition,offset`
 * @param group rows of other groups are left out
 * @throws ReplaygroundError `usage` where a line cannot be read or a partition stands there twice
 */
export function parseOffsets(text: string, group: string): PartitionOffset[] {
  const rows = parseCsv(text);
  const offsets = rows.flatMap((row, index) => (row.length === 4 && row[0] !== group ? [] : [parseRow(row.slice(-3), row.length, index)]));
  if (offsets.length === 0) throw usage(`the file has no offset for the group '${group}'`);
  const seen = new Set<string>();
  for (const { topic, partition } of offsets) {
    if (seen.has(`${topic}/${partition}`)) throw usage(`the file names ${topic} partition ${partition} twice`);
    seen.add(`${topic}/${partition}`);
  }
  return offsets;
}

function parseCsv(text: string): string[][] {
  try {
    return parse(text, { bom: true, trim: true, skip_empty_lines: true, relax_column_count: true }) as string[][];
  } catch (error) {
    throw usage(`the file is not CSV: ${(error as Error).message}`);
  }
}

function parseRow([topic = '', partitionText = '', offsetText = '']: string[], columns: number, index: number): PartitionOffset {
  const [partition, offset] = [Number(partitionText), Number(offsetText)];
  const bad = topic === '' || !/^\d+$/.test(partitionText) || !/^-?\d+$/.test(offsetText) || !Number.isSafeInteger(offset);
  if (bad || columns < 3 || columns > 4)
    throw usage(`line ${index + 1} of the file is not topic,partition,offset or group,topic,partition,offset`);
  return { topic, partition, offset };
}

const usage = (message: string): ReplaygroundError => new ReplaygroundError('usage', message);
