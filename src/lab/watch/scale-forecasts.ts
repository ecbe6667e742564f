/** What is foretold of another number of instances, beside the lag before a service is scaled, and held against what then happens. */
import type { GroupView, Layout } from '../wire/all.ts';
import { Foretold } from './forecast/foretold.ts';
import { beyondScale, lastCause } from './forecast/group-outlook.ts';
import { whatIf } from './forecast/what-if.ts';
import type { SampleStore } from './samples/sample-store.ts';
import type { Marks } from './samples/timeline-marks.ts';

export type ScaleForecastOptions = { samples: SampleStore; marks: Marks; layout: () => Layout };

export class ScaleForecasts {
  readonly #options: ScaleForecastOptions;
  readonly #foretold = new Foretold();

  constructor(options: ScaleForecastOptions) {
    this.#options = options;
  }

  /**
   * The service of a group is about to be scaled.
   * @param group as it is now
   * @returns to be called once it was: what was foretold before is kept then
   */
  foretell(group: GroupView, instances: number): () => void {
    const { samples, marks, layout } = this.#options;
    const found = whatIf({ samples: [...samples.all()], layout: layout(), marks: [...marks.all()] }, group, instances);
    return () => {
      const text = this.#foretold.begin(group.group, found, group.totalLag, Date.now());
      if (text !== undefined) marks.add('forecast', group.service, text);
    };
  }

  /**
   * A sample came.
   * @param goneSec when the lag of the group is gone, as it looks now; asked only where something was foretold
   */
  heldAgainst(
    { group, service }: { group: string; service: string },
    totalLag: number | null,
    goneSec: () => number | null,
    atMs: number,
  ): void {
    const sinceMs = this.#foretold.since(group);
    if (sinceMs === undefined) return;
    const { marks } = this.#options;
    const cause = lastCause({ group, service, marks: marks.all().filter((mark) => mark.atMs > sinceMs) }, beyondScale);
    const text = this.#foretold.heldAgainst(group, totalLag, goneSec(), atMs, cause);
    if (text !== undefined) marks.add('forecast', service, text);
  }
}
