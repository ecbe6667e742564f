/** Tells the other instances this one's part of the view: at once what changed, and now and then that it is there. */
import type { Note } from '../../kafka/notes/notes.ts';
import type { Partition, PartitionOffset } from '../../kafka/partition.ts';
import { hourKey, hourOf, minutesPerHour, type Part, type Seal, sealKey } from './part.ts';
import { type PartsTopic, tellEveryMs } from './parts-topic.ts';
import { noSums } from './tally.ts';
import type { ViewStore } from './view-store.ts';

const lookEveryMs = 200;
/** Where nobody listens: so old is what an instance knows that starts beside this one (ms). */
const aloneEveryMs = 1000;

export type TellPartsOptions = {
  store: ViewStore;
  topic: PartsTopic;
  ids: readonly string[];
  /** This life of this process, and the name of the instance. */
  by: string;
  instance: string;
  loop: () => { owned(): number[]; positions: readonly PartitionOffset[]; assigned: readonly Partition[]; isWhole: boolean };
  /** Told when the topic does not take a part, and when it does again. */
  onTrouble: (trouble: Error | undefined) => void;
};

type Told = { at: number; what: string; reading: string };

export class PartTeller implements Disposable {
  readonly #options: TellPartsOptions;
  /** What of each partition was told last; none where all of it is to be told. */
  readonly #told = new Map<number, Told>();
  readonly #timer: NodeJS.Timeout;
  readonly #failure = Promise.withResolvers<never>();
  #isBusy = false;
  #hereAt = 0;
  #trouble: Error | undefined;

  constructor(options: TellPartsOptions) {
    this.#options = options;
    // Another one told of what this one owns, or what it told does not add up: it tells all of it.
    options.topic.onOthersPart = ({ partition }) => this.#told.delete(partition);
    this.#timer = setInterval(() => this.#look(), lookEveryMs);
  }

  /** Rejects where the store cannot be read; never resolves. */
  get failed(): Promise<never> {
    return this.#failure.promise;
  }

  /** Tells nothing more. What is on its way is not waited for: while Kafka is away that takes longer than a stop may. */
  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    if (this.#isBusy) return;
    this.#isBusy = true;
    this.#tell(Date.now(), this.#isAlone() ? aloneEveryMs : 0)
      .finally(() => {
        this.#isBusy = false;
      })
      .catch(this.#failure.reject);
  }

  #isAlone(): boolean {
    const { loop, topic } = this.#options;
    return loop().isWhole && !topic.hasOthers(Date.now());
  }

  /** @param everyMs how long at least since a partition was told of last, where it changed */
  async #tell(now: number, everyMs: number): Promise<void> {
    const { loop, topic, by, instance } = this.#options;
    const notes: Note[] = [];
    if (!loop().isWhole && now - this.#hereAt >= tellEveryMs) {
      notes.push({ key: `here/${instance}`, body: { by } });
      this.#hereAt = now;
    }
    const telling = loop().owned();
    const told: number[] = [];
    for (const partition of telling) {
      const last = this.#told.get(partition);
      const what = this.#positionsText(partition);
      const age = now - (last?.at ?? 0);
      const isDue = last?.what !== what ? age >= everyMs : !this.#isAlone() && age >= tellEveryMs;
      if (!isDue) continue;
      const part = this.#notesOf(partition, now);
      if (part.length === 0) continue;
      notes.push(...part);
      told.push(partition);
      this.#told.set(partition, { at: now, what, reading: this.#readingOf(partition) });
    }
    if (notes.length === 0) return;
    try {
      await topic.write(notes);
      this.#met(undefined);
    } catch (error) {
      for (const partition of told) this.#told.delete(partition);
      this.#met(error as Error);
    }
  }

  /** The hours that changed, then the seal; nothing where this instance still catches up with what is known. */
  #notesOf(partition: number, now: number): Note[] {
    const { store, ids, by, topic } = this.#options;
    const reading = this.#readingOf(partition);
    const positions = this.#positionsOf(partition);
    const known = topic.parts.parts.get(partition);
    if (known && isBehind({ reading, positions }, known)) return [];
    const last = this.#told.get(partition);
    const changed = store.takeChangedHours(partition);
    const isAnew = last?.reading !== reading;
    const hours = isAnew ? this.#allHours(partition, known) : changed;
    const sums = store.sums.sums().get(partition) ?? noSums();
    const nowSecond = Math.floor(now / 1000);
    const seal: Seal = {
      ...{ ids: [...ids], reading, by, positions, sums },
      seconds: store.sums.seconds(now, partition).filter(([second]) => second <= nowSecond + 5),
      conflicts: store.lastConflicts(partition),
    };
    return [
      ...hours.map((hour) => ({ key: hourKey(partition, hour), body: { ids, reading, minutes: this.#minutesOf(partition, hour) } })),
      { key: sealKey(partition), body: seal },
    ];
  }

  /** Those of the rows, and those that others told of: they may hold none now. */
  #allHours(partition: number, known: Part | undefined): number[] {
    const hours = new Set(known?.hours.keys() ?? []);
    for (const hour of this.#options.topic.parts.unsealedHours(partition)) hours.add(hour);
    for (const [minute] of this.#options.store.sums.minutes({ partition })) hours.add(hourOf(minute));
    return [...hours];
  }

  #minutesOf(partition: number, hour: number): [number, number][] {
    const from = hour * minutesPerHour;
    return [...this.#options.store.sums.minutes({ partition, from, to: from + minutesPerHour })];
  }

  #readingOf(partition: number): string {
    return this.#options.store.readings.get(partition) ?? '';
  }

  #positionsOf(partition: number): Record<string, number> {
    const of = this.#options.loop().positions.filter((one) => one.partition === partition);
    return Object.fromEntries(of.map(({ topic, offset }) => [topic, offset]));
  }

  #positionsText(partition: number): string {
    return JSON.stringify([this.#readingOf(partition), this.#positionsOf(partition)]);
  }

  #met(trouble: Error | undefined): void {
    if ((trouble === undefined) !== (this.#trouble === undefined)) this.#options.onTrouble(trouble);
    this.#trouble = trouble;
  }
}

/** Whether a part ends before one of the same reading that is known: so the view does not go back where a partition changes hands. */
function isBehind({ reading, positions }: Pick<Seal, 'reading' | 'positions'>, known: Part): boolean {
  if (known.isBroken || known.reading !== reading) return false;
  return Object.entries(known.positions).some(([topic, offset]) => (positions[topic] ?? 0) < offset);
}
