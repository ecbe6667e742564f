/** At a start the rows of a large store are checked while answers are given already: reading begins when they are known to be whole. */
import type { ViewStore } from './view-store.ts';

const stillEveryMs = 1000;

export type WholeRows = {
  /** What to tell of it; undefined once it is over. */
  text: () => string | undefined;
  /** Resolves when reading may begin, or the signal aborts. Rejects where the rows are broken, see `StateDatabase.checked`. */
  over: Promise<void>;
};

/** @param onWaiting called about once a second meanwhile */
export function wholeRows(store: Pick<ViewStore, 'checked'>, signal: AbortSignal, onWaiting: () => void): WholeRows {
  let isOver = false;
  const timer = setInterval(onWaiting, stillEveryMs);
  const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  const over = Promise.race([store.checked, aborted]).finally(() => {
    isOver = true;
    clearInterval(timer);
  });
  over.catch(() => {});
  return {
    over,
    text: () => (isOver ? undefined : 'the rows of the view are checked: reading goes on after that'),
  };
}
