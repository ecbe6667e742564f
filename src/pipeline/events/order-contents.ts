/** What an order asks for, as a number: tells an order that was sent again from another one under the same id. */
import type { OrderPlaced } from './order-placed.ts';

const number = new Float64Array(1);
const halves = new Uint32Array(number.buffer);

/**
 * A hash (the mixing steps of MurmurHash3 in two lanes) and no more: it tells apart what differs by accident, not what somebody made
 * to look the same.
 * @param order any
 * @returns 47 bits over user, items, total and status. Not over the time and the event's id: who sends an order again makes these anew
 */
export function orderContents({ userId, items, totalAmount, status }: OrderPlaced): number {
  lanes[0] = 0x9747b28c;
  lanes[1] = 0x85ebca6b;
  mixText(userId);
  mix(items.length);
  for (const { sku, qty, price } of items) {
    mixText(sku);
    mixNumber(qty);
    mixNumber(price);
  }
  mixNumber(totalAmount);
  mixText(status);
  return (finish(lanes[1] as number) & 0x7fff) * 2 ** 32 + finish(lanes[0] as number);
}

const lanes = new Int32Array(2);

function mix(word: number): void {
  lanes[0] = Math.imul(rotated((lanes[0] as number) ^ Math.imul(word, 0xcc9e2d51), 13), 5) + 0x36546b64;
  lanes[1] = Math.imul(rotated((lanes[1] as number) ^ Math.imul(word, 0x1b873593), 17), 9) + 0x561ccd1b;
}

/** A missing field is told from an empty one, and the length keeps neighbours apart. */
function mixText(text: string | undefined): void {
  mix(text?.length ?? -1);
  if (text !== undefined) for (let at = 0; at < text.length; at += 1) mix(text.charCodeAt(at));
}

function mixNumber(value: number | undefined): void {
  // 0 and -0 are the same amount; JSON has no NaN.
  number[0] = value === undefined ? Number.NaN : value + 0;
  mix(halves[0] as number);
  mix(halves[1] as number);
}

const rotated = (word: number, by: number): number => (word << by) | (word >>> (32 - by));

function finish(word: number): number {
  const once = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35);
  return (twice ^ (twice >>> 16)) >>> 0;
}
