/** One thing that a person can do: whether it is under way, what came of it, why it failed. */
import { announce } from './announcer.svelte.ts';

export class Action<T> {
  busy = $state(false);
  error = $state<string | null>(null);
  result = $state.raw<T | null>(null);

  /** @param work what to do @param done what to tell a person who listens, when it worked */
  async run(work: () => Promise<T>, done?: (result: T) => string): Promise<T | undefined> {
    this.busy = true;
    this.error = null;
    try {
      const result = await work();
      this.result = result;
      if (done) announce(done(result));
      return result;
    } catch (error) {
      this.error = error instanceof Error ? error.message : String(error);
      announce(this.error);
      return undefined;
    } finally {
      this.busy = false;
    }
  }
}
