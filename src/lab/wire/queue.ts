/** What the page shows of a share group (KIP-932): a queue, whose workers may be more than the partitions. */
import type { WorkerFigures } from '../../kafka/consumer/worker-figures.ts';
import type { Autoscaler } from './explanation.ts';

export type QueueView = {
  group: string;
  service: string;
  reads: string[];
  /** Instances that should run; 0: it is off. */
  running: number;
  /** As Kafka told it last. */
  partitions: QueuePartition[];
  /** Records that are not done with yet (the lag of KIP-1226), the sum of what is known; null until Kafka has told of an initialised partition. */
  backlog: number | null;
  /** When Kafka told it; null before. It is asked every few seconds while a page is open, by its own tool. */
  askedAt: string | null;
  /** Dead letters that the broker wrote: rejected, or delivered too often; null where there is no such topic. */
  archived: number | null;
  /** In the order of the instances. */
  workers: QueueWorker[];
  /** Null while the backlog is not known. */
  autoscaler: Autoscaler | null;
};

/** `startOffset`: before it all is done with. Both null until the partition is initialised. */
export type QueuePartition = { topic: string; partition: number; startOffset: number | null; lag: number | null };

/** `figures` of workers that tell them: since they started. */
export type QueueWorker = { process: string; figures: WorkerFigures | null };
