/** Breaks a batch in the log of the tests' Kafka, as a bad disk does. */
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { runKafkaTool } from '../../src/lab/broker/tools.ts';
import { brokers } from './kafka.ts';

/** A batch begins with a header of 61 bytes: offset, length, leader epoch and magic are 17, the checksum 4 (Kafka's record format, magic 2). */
const headerBytes = 61;
const lengthAt = 8;
const bytesBeforeLengthEnds = 12;

/** @returns the folder of a partition's log */
export async function segmentFolder(topic: string, partition: number): Promise<string> {
  const { stdout } = await runKafkaTool('log-dirs', ['--describe', '--topic-list', topic], { brokers: brokers() });
  const [folder] = stdout.match(/(?<="logDir":")[^"]+/) ?? [];
  if (folder === undefined) throw new Error(`no folder of ${topic}: ${stdout}`);
  return join(folder, `${topic}-${partition}`);
}

/**
 * @param folder see `segmentFolder`
 * @param options `flip`: which bit of the payload is turned over, of all of them as a fraction; by default its first bytes are overwritten.
 *   `batch`: which one, by default the first
 */
export function breakBatch(folder: string, { flip, batch = 0 }: { flip?: number; batch?: number } = {}): void {
  const segment = openSync(join(folder, '00000000000000000000.log'), 'r+');
  try {
    let start = 0;
    for (let i = 0; i < batch; i += 1) start += sizeAt(segment, start);
    if (flip === undefined) writeSync(segment, Buffer.alloc(16, 0xff), 0, 16, start + headerBytes);
    else flipBit(segment, start, flip);
  } finally {
    closeSync(segment);
  }
}

/** @returns the bytes of the batch that begins there */
function sizeAt(segment: number, start: number): number {
  const length = Buffer.alloc(4);
  readSync(segment, length, 0, 4, start + lengthAt);
  return bytesBeforeLengthEnds + length.readInt32BE();
}

function flipBit(segment: number, start: number, flip: number): void {
  const bit = Math.floor(flip * (sizeAt(segment, start) - headerBytes) * 8);
  const at = start + headerBytes + Math.floor(bit / 8);
  const byte = Buffer.alloc(1);
  readSync(segment, byte, 0, 1, at);
  writeSync(segment, Buffer.of((byte[0] ?? 0) ^ (1 << (bit % 8))), 0, 1, at);
}
