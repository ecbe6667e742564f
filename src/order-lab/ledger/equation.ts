/** The one equation of the books, and its words: the page, `./lab ledger` and the reports all say it by these. Pure, and without imports of Node. */

/** Each record of the orders topic once. */
export type Equation = {
  written: number;
  /** Different orders with a decision. */
  decided: number;
  /** Records beyond the first of their order id. */
  duplicates: number;
  deadLettered: number;
  /** inventory-service has not reached them yet. */
  inFlight: number;
  /** Decided or in flight: analytics, which counts for the page, is behind. 0 where the log itself was read. */
  notCounted: number;
  /** The order or its decision is deleted from the log by now. */
  outOfReach: number;
  /** Passed by without a decision, or deleted before anybody had read them. */
  lost: number;
  /** In none of the figures before, and why is not known here: `./lab ledger` names each. */
  unaccounted: number;
  /** Orders with more than one decision; each is counted once in `decided`. */
  decidedTwice: number;
};

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const n = (value: number): string => whole.format(value);

/** @returns `7 written = 3 decided + 2 duplicates + 0 dead-lettered + 2 in flight`, and what else there is where there is some */
export function equationText(equation: Equation): string {
  const { written, decided, duplicates, deadLettered, inFlight, notCounted, outOfReach, lost, unaccounted } = equation;
  const terms = [
    `${n(decided)} decided`,
    `${n(duplicates)} duplicate${duplicates === 1 ? '' : 's'}`,
    `${n(deadLettered)} dead-lettered`,
    `${n(inFlight)} in flight`,
    ...(notCounted === 0 ? [] : [`${n(notCounted)} not counted yet`]),
    ...(outOfReach === 0 ? [] : [`${n(outOfReach)} out of reach`]),
    ...(lost === 0 ? [] : [`${n(lost)} lost`]),
    ...(unaccounted === 0 ? [] : [`${n(unaccounted)} unaccounted for`]),
  ];
  return `${n(written)} written = ${terms.join(' + ')}`;
}

/** Whether the promise holds, each half in its words. */
export type Promises = { lost: { holds: boolean; text: string }; twice: { holds: boolean; text: string } };

/** @returns `nothing lost` or how many are, `none decided twice` or how many were */
export function promisesOf({ lost, unaccounted, decidedTwice }: Pick<Equation, 'lost' | 'unaccounted' | 'decidedTwice'>): Promises {
  const wrong = [...(lost === 0 ? [] : [`${n(lost)} lost`]), ...(unaccounted === 0 ? [] : [`${n(unaccounted)} unaccounted for`])];
  return {
    lost: { holds: wrong.length === 0, text: wrong.join(', ') || 'nothing lost' },
    twice: { holds: decidedTwice === 0, text: `${decidedTwice === 0 ? 'none' : n(decidedTwice)} decided twice` },
  };
}

/** @returns equation and promises as one sentence */
export function booksText(equation: Equation): string {
  const { lost, twice } = promisesOf(equation);
  return `${equationText(equation)}: ${lost.text}, ${twice.text}`;
}
