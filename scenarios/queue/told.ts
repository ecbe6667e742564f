/** Which decisions have a notification, by their places in the log. Pure. */
import type { RecordJson } from '../../src/kafka/record/show-record.ts';

type Place = { topic: string; partition: number; offset: number };
type Read = Pick<RecordJson, 'partition' | 'offset' | 'value' | 'headers'>;

/** Of decisions that are no letters: told once, told again and how often beyond the first, not told. */
export type Told = { once: number; again: number; repeats: number; untold: number };

const placeOf = ({ partition, offset }: Pick<Place, 'partition' | 'offset'>): string => `${partition}/${offset}`;

/**
 * @param decisions of the topic of decisions
 * @param notifications of the topic of notifications
 * @param letters of the dead letters of the share group
 */
export function toldOf(decisions: readonly Read[], notifications: readonly Read[], letters: readonly Read[]): Told {
  const times = new Map<string, number>();
  for (const { value } of notifications) {
    const key = placeOf((value as unknown as { source: Place }).source);
    times.set(key, (times.get(key) ?? 0) + 1);
  }
  const rejected = new Set(letters.map(({ headers }) => placeOf(placeIn(headers))));
  const told = { once: 0, again: 0, repeats: 0, untold: 0 };
  for (const decision of decisions) {
    const count = times.get(placeOf(decision)) ?? 0;
    if (count === 1) told.once += 1;
    else if (count > 1) told.again += 1;
    else if (!rejected.has(placeOf(decision))) told.untold += 1;
    told.repeats += Math.max(0, count - 1);
  }
  return told;
}

function placeIn(headers: RecordJson['headers']): Pick<Place, 'partition' | 'offset'> {
  const of = (name: string): number => Number(headers.findLast(([one]) => one === `__dlq.errors.${name}`)?.[1] ?? Number.NaN);
  return { partition: of('partition'), offset: of('offset') };
}
