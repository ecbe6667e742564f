/** A crash on purpose: `kill -9` of this process at a named point of a batch, to see what each delivery guarantee is worth. */
import type { Crash, CrashPoint, Passing } from '../../kafka/exactly-once/delivery.ts';

export type CrashOptions = {
  wanted: () => Crash | undefined;
  /** Takes the wish back, for good and for all instances, before a crash that is wanted once. */
  takeBack: () => Promise<unknown>;
  /** Ends the process so that nothing of it runs any more. */
  die: (point: CrashPoint) => void;
};

/** @returns to be called for each batch with records; gives what to call at each of its points, where one of them is the place to crash */
export function crashOnPurpose({ wanted, takeBack, die }: CrashOptions): () => Passing | undefined {
  let batches = 0;
  return () => {
    batches += 1;
    // As the batch begins its way: a wish that comes in its middle waits for the next one.
    const crash = wanted();
    if (crash === undefined || (crash.every !== undefined && batches % crash.every !== 0)) return undefined;
    return async (point) => {
      if (point !== crash.point) return;
      if (crash.every === undefined) await takeBack();
      die(point);
    };
  };
}
