/** The view added up from the parts of all partitions, whoever tells them. */
import { minuteOf } from '../../kafka/record/event-time.ts';
import { OrdersByMinute } from './orders-by-minute.ts';
import type { Minutes, Part, PartChange } from './part.ts';
import { emptyView, keptConflicts, type View } from './view.ts';

/** @returns `2026-11-20T20:30:00Z` */
const minuteText = (minute: number): string => minuteOf(new Date(minute * 60_000).toISOString());

export class WholeView {
  readonly #parts: ReadonlyMap<number, Part>;
  /** Orders by minute of all parts; undefined until somebody asks, and where something was taken back. */
  #byMinute: OrdersByMinute | undefined;

  constructor(parts: ReadonlyMap<number, Part>) {
    this.#parts = parts;
  }

  /** Call with each change of a part. */
  take({ part, before }: PartChange): void {
    if (!this.#byMinute) return;
    if (!before) {
      this.#byMinute = undefined;
      return;
    }
    for (const [hour, minutes] of before) {
      const added = increase(minutes, part.hours.get(hour) ?? []);
      if (!added) {
        this.#byMinute = undefined;
        return;
      }
      for (const [minute, orders] of added) this.#byMinute.add(minuteText(minute), orders);
    }
  }

  /** @returns the view of the parts that are known: a part that is broken is not */
  view(): View {
    const view = emptyView();
    const known = [...this.#parts.values()].filter(({ isBroken }) => !isBroken);
    for (const { sums, seconds } of known) {
      const { minuteCheck: _, ...figures } = sums;
      for (const [name, value] of Object.entries(figures)) view[name as keyof typeof figures] += value;
      for (const [second, orders] of seconds) view.bySecond.set(second, (view.bySecond.get(second) ?? 0) + orders);
    }
    view.conflicts = known
      .flatMap(({ conflicts }) => conflicts)
      .sort((a, b) => a.other.offset - b.other.offset)
      .slice(-keptConflicts);
    this.#byMinute ??= addedUp(known);
    view.byMinute = this.#byMinute;
    return view;
  }
}

function addedUp(parts: readonly Part[]): OrdersByMinute {
  const byMinute = new OrdersByMinute();
  for (const { hours } of parts) {
    for (const minutes of hours.values()) for (const [minute, orders] of minutes) byMinute.add(minuteText(minute), orders);
  }
  return byMinute;
}

/** @returns what was added, minute by minute; undefined where one has fewer orders than before */
function increase(before: Minutes, after: Minutes): Minutes | undefined {
  const now = new Map(after);
  if (before.some(([minute, orders]) => (now.get(minute) ?? 0) < orders)) return undefined;
  const then = new Map(before);
  return after.map(([minute, orders]): [number, number] => [minute, orders - (then.get(minute) ?? 0)]).filter(([, orders]) => orders > 0);
}
