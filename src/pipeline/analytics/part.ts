/**
 * The part of one partition of the view, as its owner tells it to the other instances: a seal with the sums and the positions they stand
 * for, after the hours that changed. A part is a function of the log up to its positions, so parts of any owners add up to a right whole.
 */
import Type, { type Static } from 'typebox';
import Compile from 'typebox/compile';
import { minuteCheck, sumNames } from './tally.ts';

const Count = Type.Integer();
const Place = Type.Object({ topic: Type.String(), partition: Count, offset: Count });

/** Which reading of the log: each reset and each replay of a partition begins another one. */
const Reading = Type.String();

const Hour = Type.Object({
  /** Ids of both topics: a topic made anew is another log. */
  ids: Type.Array(Type.String()),
  reading: Reading,
  /** Pairs of minutes since 1970 and the orders of each; all minutes of the hour that hold any. */
  minutes: Type.Array(Type.Tuple([Count, Count])),
});

const Seal = Type.Object({
  ids: Type.Array(Type.String()),
  reading: Reading,
  /** The life of the process that tells it. */
  by: Type.String(),
  /** The next offset of each topic: the part is of what stands before. */
  positions: Type.Record(Type.String(), Count),
  sums: Type.Object(Object.fromEntries(sumNames.map((name) => [name, Type.Integer()])) as Record<(typeof sumNames)[number], typeof Count>),
  /** Pairs of seconds since 1970 and the orders of each, those of the last minute. */
  seconds: Type.Array(Type.Tuple([Count, Count])),
  conflicts: Type.Array(Type.Object({ orderId: Type.String(), first: Place, other: Place })),
});
export type Seal = Static<typeof Seal>;
export type HourRecord = Static<typeof Hour>;

const isHour = Compile(Hour);
const isSeal = Compile(Seal);

export type Minutes = [minute: number, orders: number][];

export const minutesPerHour = 60;
export const hourOf = (minute: number): number => Math.floor(minute / minutesPerHour);

export const sealKey = (partition: number): string => `part/${partition}`;
export const hourKey = (partition: number, hour: number): string => `part/${partition}/${hour}`;
const keyPattern = /^part\/(\d+)(?:\/(-?\d+))?$/;

export type Part = Seal & {
  hours: Map<number, Minutes>;
  /** What the hours add up to. */
  held: { orders: number; check: number };
  /** Whether the hours are those of the seal: it was written while another life told of this partition, or a part of it is lost. */
  isBroken: boolean;
  /** When it was heard of last (epoch milliseconds). */
  heardAt: number;
};

export type PartChange = {
  partition: number;
  part: Part /** Hours as they were before; undefined where all may have changed. */;
  before: Map<number, Minutes> | undefined;
};

/** All parts, as they are told. Pure but for its memory. */
export class Parts {
  readonly parts = new Map<number, Part>();
  readonly #ids: string;
  readonly #unsealed = new Map<number, Map<number, HourRecord>>();

  constructor(ids: readonly string[]) {
    this.#ids = JSON.stringify(ids);
  }

  /**
   * @param key of a record of the topic
   * @param body what it says; undefined for none, and for what is no JSON
   * @param heardAt epoch milliseconds
   * @returns what changed where a part is whole anew; undefined for all else, also for what strangers write
   */
  take(key: string, body: unknown, heardAt: number): PartChange | undefined {
    const [, digits, hour] = keyPattern.exec(key) ?? [];
    if (digits === undefined) return undefined;
    const partition = Number(digits);
    if (hour !== undefined) {
      if (isHour.Check(body) && this.#isOurs(body)) this.#unsealedOf(partition).set(Number(hour), body);
      return undefined;
    }
    return isSeal.Check(body) && this.#isOurs(body) ? this.#seal(partition, body, heardAt) : undefined;
  }

  /** @returns hours that somebody told of a partition, and did not seal */
  unsealedHours(partition: number): number[] {
    return [...(this.#unsealed.get(partition)?.keys() ?? [])];
  }

  #seal(partition: number, seal: Seal, heardAt: number): PartChange {
    const known = this.parts.get(partition);
    const isSameReading = known?.reading === seal.reading;
    const hours = isSameReading ? known.hours : new Map<number, Minutes>();
    const held = isSameReading ? known.held : { orders: 0, check: 0 };
    const before = isSameReading && !known.isBroken ? new Map<number, Minutes>() : undefined;
    for (const [hour, { reading, minutes }] of this.#unsealedOf(partition)) {
      if (reading !== seal.reading) continue;
      const last = hours.get(hour) ?? [];
      before?.set(hour, last);
      addUp(held, last, -1);
      addUp(held, minutes, 1);
      if (minutes.length > 0) hours.set(hour, minutes);
      else hours.delete(hour);
    }
    this.#unsealed.delete(partition);
    const isBroken = held.orders !== seal.sums.orders || held.check !== seal.sums.minuteCheck;
    const part = { ...seal, hours, held, isBroken, heardAt };
    this.parts.set(partition, part);
    return { partition, part, before: isBroken ? undefined : before };
  }

  #unsealedOf(partition: number): Map<number, HourRecord> {
    const unsealed = this.#unsealed.get(partition) ?? new Map<number, HourRecord>();
    this.#unsealed.set(partition, unsealed);
    return unsealed;
  }

  #isOurs({ ids }: { ids: string[] }): boolean {
    return JSON.stringify(ids) === this.#ids;
  }
}

function addUp(held: Part['held'], minutes: Minutes, sign: 1 | -1): void {
  for (const [minute, orders] of minutes) {
    held.orders += sign * orders;
    held.check += sign * minuteCheck(minute, orders);
  }
}
