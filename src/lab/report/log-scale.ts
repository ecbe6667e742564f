/** A logarithmic scale that has a place for 0: linear from 0 to 1, then a step per power of ten. Pure. */

/** @param value from 0 */
export const toLogScale = (value: number): number => (value < 1 ? value : Math.log10(value) + 1);

/** @param place what {@link toLogScale} gave */
export const fromLogScale = (place: number): number => (place < 1 ? place : 10 ** (place - 1));
