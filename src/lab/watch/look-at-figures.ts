/** Figures that a system tells of itself, by HTTP and JSON pointer. */

import { atPointer } from '../systems/json-pointer.ts';
import { addressOf, jsonOf } from '../systems/process/ask-process.ts';
import type { Figure, ProcessView } from '../wire/all.ts';
import type { FigureFacts } from '../wire/system-facts.ts';

/** @returns a figure each, null where it is not told; each address is asked once */
export async function lookAtFigures(figures: readonly FigureFacts[], processes: readonly ProcessView[]): Promise<Figure[]> {
  const addresses = figures.map(({ url, service }) => addressOf({ url, service }, processes));
  const answers = new Map(await Promise.all([...new Set(addresses)].map(async (url) => [url, await jsonOf(url)] as const)));
  return figures.map(({ label, pointer, unit }, index) => ({
    label,
    unit,
    value: shown(atPointer(answers.get(addresses[index]), pointer)),
  }));
}

const longest = 60;

const shown = (value: unknown): number | string | null =>
  typeof value === 'number'
    ? value
    : value === undefined || value === null
      ? null
      : String(typeof value === 'object' ? JSON.stringify(value) : value).slice(0, longest);
