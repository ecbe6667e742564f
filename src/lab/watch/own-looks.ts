/** What is looked at in one system alone, beside what any has: whoever knows that system gives it to the observer. */
import type { WorkerFigures } from '../../kafka/consumer/worker-figures.ts';
import type { Insight, Layout, LiveState, ProcessView, Sample, SetValues } from '../wire/all.ts';
import type { Source } from './samples/freshness.ts';
import type { KafkaLook } from './samples/measurement.ts';
import type { Marks } from './samples/timeline-marks.ts';

/** By topic, then partition. */
export type VisibleOffsets = { [topic: string]: { [partition: string]: number } };

export type OwnLooks = {
  /** Where its figures come from, by the names that the page shows. */
  readonly sources: Readonly<Record<string, Source>>;
  readonly settings: LiveState['settings'];
  /** What a sample takes from it: what is old is not told. */
  readonly forSample: Pick<Sample, 'ordersPerMin' | 'endToEndMs'>;
  /** A service that was set back to read again: that one of its partitions is ahead says nothing. Null where there is none. */
  readonly readsAgain: string | null;
  /** What the workers of its share group have done, by the name of the process, of those that tell. */
  readonly workers: ReadonlyMap<string, WorkerFigures>;
  /** Letters that the broker wrote for its share group; null where there is no such topic. */
  readonly shareLetters: number | null;
  /** What a new letter in this topic says, where it is not that a record could not be read. */
  letterText(topic: string): string | null;
  /** What the readers have in their hands, by service, then `partitionKey`: records that are read and not committed. */
  readonly hands: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** Up to which offset what is in a topic is shown in the figures, by topic and partition. */
  readonly visible: VisibleOffsets;
  /** Begins to look; ends with the signal. */
  start(): void;
  /** Looks until what somebody has set is in force, for some seconds at most. */
  followSettings(service: string, wanted: SetValues): Promise<void>;
  /** Figures and books, which are passed on to the page as they are. */
  told(layout: Layout, sample: Sample | undefined): Pick<LiveState, 'metrics' | 'ledger'>;
  /** Sentences that only this system has. @param isKafkaAway whether what is old is Kafka's fault */
  insights(isKafkaAway: boolean): Insight[];
  /** What gives a lab names of its own, where two share a Kafka; for people. */
  readonly ownNames: string;
  /** How much was read in all, for people: `12,000 records`; null where that is not known. */
  readonly readInAll: string | null;
};

/** What the observer lends to who looks beside it. */
export type Beside = {
  marks: Marks;
  /** As they were listed last. */
  processes: () => readonly ProcessView[];
  /** The last look at Kafka. */
  kafka: () => KafkaLook | undefined;
  signal: AbortSignal;
};
