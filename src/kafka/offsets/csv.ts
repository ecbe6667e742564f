/** Offsets as CSV in the form of Kafka's own tool, so that its `--from-file` and ours read each other's files. */
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { ReplaygroundError } from '../errors.ts';
import type { PartitionOffset } from '../partition.ts';
import { partitionKey } from '../partition.ts';

/** What a file says about one group, and what it says besides. */
export type OffsetsInFile = { offsets: PartitionOffset[]; warnings: string[] };

/** @returns lines `topic,partition,offset` */
export const formatOffsets = (offsets: readonly PartitionOffset[]): string =>
  stringify(offsets.map(({ topic, partition, offset }) => [topic, partition, offset]));

/**
 * @param text lines `topic,partition,offset` or `group,topic,partition,offset`
 * @param group whose offsets; lines of other groups are read too, and named in a warning
 * @throws ReplaygroundError `usage` with the line and the cause where any line cannot be read or a partition stands there twice
 */
export function parseOffsets(text: string, group: string): OffsetsInFile {
  const rows = parseCsv(text).map(readRow);
  const offsets = rows.flatMap(({ of, offset }) => (of === undefined || of === group ? [offset] : []));
  if (offsets.length === 0) throw usage(`the file has no offset for the group '${group}'`);
  const seen = new Set<string>();
  for (const offset of offsets) {
    if (seen.has(partitionKey(offset))) throw usage(`the file names ${offset.topic} partition ${offset.partition} twice`);
    seen.add(partitionKey(offset));
  }
  const others = rows.flatMap(({ of }) => (of === undefined || of === group ? [] : [of]));
  const names = [...new Set(others)].map((name) => `'${name}'`).join(', ');
  const warnings =
    others.length === 0 ? [] : [`${others.length} of ${rows.length} lines are of other groups (${names}): not for '${group}'`];
  return { offsets, warnings };
}

type Line = { record: string[]; info: { lines: number } };

function parseCsv(text: string): Line[] {
  try {
    return parse(text, { bom: true, trim: true, skip_empty_lines: true, relax_column_count: true, info: true }) as unknown as Line[];
  } catch (error) {
    throw usage(`the file is not CSV: ${(error as Error).message}`);
  }
}

function readRow({ record, info: { lines } }: Line): { of: string | undefined; offset: PartitionOffset } {
  const wrong = causeOf(record);
  if (wrong !== undefined) throw usage(`line ${lines} of the file is not topic,partition,offset or group,topic,partition,offset: ${wrong}`);
  const [topic = '', partition, offset] = record.slice(-3);
  return { of: record.length === 4 ? record[0] : undefined, offset: { topic, partition: Number(partition), offset: Number(offset) } };
}

/** @returns what is wrong with a line, or undefined */
function causeOf(columns: readonly string[]): string | undefined {
  const [topic = '', partition = '', offset = ''] = columns.slice(-3);
  if (columns.length === 1 && /[;\t]/.test(topic))
    return `its columns stand apart by ${topic.includes(';') ? 'a semicolon' : 'a tab'}, not by a comma`;
  if (columns.length < 3 || columns.length > 4) return `it has ${columns.length} ${columns.length === 1 ? 'column' : 'columns'}`;
  if (/^partition$/i.test(partition) && /offset$/i.test(offset)) return 'it is a heading: take it out';
  if (columns.at(-1) === '') return 'there is nothing behind its last comma';
  if (topic === '') return 'the topic is empty';
  if (columns.length === 4 && columns[0] === '') return 'the group is empty';
  if (!isWhole(partition, /^\d+$/)) return `the partition ${JSON.stringify(partition)} is no whole number`;
  if (!isWhole(offset, /^-?\d+$/)) return `the offset ${JSON.stringify(offset)} is no whole number`;
  return undefined;
}

const isWhole = (text: string, form: RegExp): boolean => form.test(text) && Number.isSafeInteger(Number(text));

const usage = (message: string): ReplaygroundError => new ReplaygroundError('usage', message);
