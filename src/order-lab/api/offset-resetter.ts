/** Resets offsets for the page; where the group has members, it can stop their service first and start it again afterwards. */

import { readingGroups } from '../../lab/supervisor/reading-groups.ts';
import type { Supervisor } from '../../lab/supervisor/supervisor.ts';
import { problem } from '../../pipeline/service/problem.ts';
import type { OffsetsArgs } from '../jobs/offset-jobs.ts';
import type { Worker } from '../jobs/worker.ts';
import type { OffsetsPlan, SystemFacts } from '../wire/all.ts';

export type OffsetResetterOptions = { worker: Worker; supervisor: Pick<Supervisor, 'act' | 'views'>; system: SystemFacts };
export type ResetWish = Pick<OffsetsArgs, 'group' | 'to'> & { stopAndStart: boolean };

export class OffsetResetter {
  readonly #options: OffsetResetterOptions;
  #isBusy = false;

  constructor(options: OffsetResetterOptions) {
    this.#options = options;
  }

  /** @throws ReplaygroundError those of `planOffsets` */
  plan({ group, to }: Pick<ResetWish, 'group' | 'to'>): Promise<Omit<OffsetsPlan, 'command'>> {
    return this.#options.worker.run('planOffsets', { group, to, service: this.#serviceOf(group), waitForLeave: false });
  }

  /** @throws ReplaygroundError those of `resetOffsets`; HttpProblem 409 while another reset runs */
  async reset({ group, to, stopAndStart }: ResetWish): Promise<Omit<OffsetsPlan, 'command'>> {
    if (this.#isBusy) throw problem(409, 'Reset under way', 'another reset runs: wait until it is over');
    this.#isBusy = true;
    try {
      const service = this.#serviceOf(group);
      const args: OffsetsArgs = { group, to, service, waitForLeave: stopAndStart };
      if (!stopAndStart || service === undefined) return await this.#options.worker.run('resetOffsets', args);
      // A plan that cannot be made stops nothing.
      await this.#options.worker.run('planOffsets', args);
      return await this.#whileStopped(service, () => this.#options.worker.run('resetOffsets', args));
    } finally {
      this.#isBusy = false;
    }
  }

  /** Starts again exactly those that ran before. */
  async #whileStopped<T>(service: string, change: () => Promise<T>): Promise<T> {
    const { supervisor } = this.#options;
    const running = supervisor.views().filter((view) => view.service === service && view.state !== 'stopped');
    for (const { name } of running) await supervisor.act('stop', name);
    try {
      return await change();
    } finally {
      for (const { name } of running) await supervisor.act('start', name);
    }
  }

  #serviceOf(group: string): string | undefined {
    return readingGroups(this.#options.system).find((one) => one.group === group)?.service;
  }
}
