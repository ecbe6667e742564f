/** A crash on purpose: `kill -9` of this process at a named point of a batch, to see what each delivery guarantee is worth. */
import type { Crash, CrashPoint, Passing } from '../kafka/delivery.ts';

export type CrashOptions = {
  wanted: () => Crash | undefined;
  /** Takes the wish back, for good and for all instances, before a crash that is wanted once. */
  takeBack: () => Promise<unknown>;
  /** Ends the process so that nothing of it runs any more. */
  die: (point: CrashPoint) => void;
};

/** @returns to be called for each batch with records, gives what to call at each of its points */
export function crashOnPurpose({ wanted, takeBack, die }: CrashOptions): () => Passing {
  let batches = 0;
  return () => {
    batches += 1;
    const batch = batches;
    // As the batch begins its way: a wish that comes in its middle waits for the next one.
    const crash = wanted();
    return async (point) => {
      if (crash?.point !== point) return;
      if (crash.every === undefined) await takeBack();
      else if (batch % crash.every !== 0) return;
      die(point);
    };
  };
}
