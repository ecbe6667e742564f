/** How a batch lies in memory, the same on both sides of the bridge (native/src/arena.h). */

/** Of each record, in an Int32Array. Starts count from the first byte of the batch's bytes; a length or a start of -1 is null. */
export const fieldsPerRecord = 7;
export const field = { topic: 0, partition: 1, keyStart: 2, keyLength: 3, valueStart: 4, valueLength: 5, headersStart: 6 } as const;

/** Of each record, in a Float64Array. */
export const timesPerRecord = 2;
export const time = { offset: 0, timestamp: 1 } as const;

/** A header in its order; names may repeat, a value may be null. */
export type Header = readonly [name: string, value: Buffer | null];
