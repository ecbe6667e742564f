/** Texts of a drawing in the room that they have, by the width of their letters in the font of the page. */

/** @returns the width of a text, in units of the drawing */
export type WidthOf = (text: string) => number;

/**
 * Takes letters out of the middle of a name that is too long: `eu-west-orders.retry` and `eu-west-orders.dlq` differ in how they end.
 * @param room width that there is
 * @returns the text, or as much of its beginning and its end as there is room for; nothing where there is none for a letter
 */
export function fitText(text: string, room: number, widthOf: WidthOf): string {
  if (widthOf(text) <= room) return text;
  const letters = [...text];
  /** Of an odd number the beginning has one more. */
  const kept = (n: number): string =>
    [...letters.slice(0, Math.ceil(n / 2)), '…', ...letters.slice(letters.length - Math.floor(n / 2))].join('');
  let [fits, tooMany] = [0, letters.length];
  while (tooMany - fits > 1) {
    const n = Math.floor((fits + tooMany) / 2);
    if (widthOf(kept(n)) <= room) fits = n;
    else tooMany = n;
  }
  return fits === 0 ? '' : kept(fits);
}

/** What both ends of a line need between them. */
const between = 8;
/** A name of less room says nothing: then the text at its right stays away. */
const leastName = 48;

/** @returns name and text at its right, so that they fit into a line beside each other */
export function fitLine(
  name: string,
  right: string,
  room: number,
  widthOf: { name: WidthOf; right: WidthOf },
): { name: string; right: string } {
  const least = Math.min(leastName, widthOf.name(name));
  const shown = fitText(right, room - least - between, widthOf.right);
  const taken = shown === '' ? 0 : widthOf.right(shown) + between;
  return { name: fitText(name, room - taken, widthOf.name), right: shown };
}
